using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

internal sealed class ScaleServiceConsumer(CommandDesk desk, WantedSpecs specs) : IConsumer<ScaleService>
{
    public Task Consume(ConsumeContext<ScaleService> context)
    {
        var message = context.Message;
        var command = new AppCommand
        {
            Id = CommandIds.Of(context, message.CommandId),
            Name = "scale-service",
            App = message.App ?? "",
            Order = message.Order,
            RequestedBy = message.RequestedBy,
            Faults = [.. SpecValidator.CheckAppName(message.App), .. SpecValidator.CheckReplicas("replicas", message.Replicas)],
            NewestOrder = app => Math.Max(app.LastOrder, app.Wanted.GetValueOrDefault(message.Service ?? "")?.ScaleOrder ?? 0),
            DecideAsync = (app, order, cancellation) => DecideAsync(message, app, order, cancellation),
        };
        return desk.TakeAsync(command, context.CancellationToken);
    }

    private async Task<AppDecision> DecideAsync(ScaleService message, AppDocument? app, long order, CancellationToken cancellation)
    {
        if (app is null || message.Service is null || !app.Wanted.TryGetValue(message.Service, out var now))
        {
            return AppDecision.Refuse($"{message.App}/{message.Service}: there is no such service; deploy it first");
        }

        if ((await specs.OfAsync(app, cancellation))[message.Service].Spec.Mode == ServiceMode.Global)
        {
            return AppDecision.Refuse($"{message.App}/{message.Service}: a global service has one task on each node that matches; change its constraints instead");
        }

        return new AppDecision
        {
            Changed = now.Replicas != message.Replicas,
            Wanted = new Dictionary<string, WantedService>(app.Wanted) { [message.Service] = now with { Replicas = message.Replicas!.Value, ScaleOrder = order } },
        };
    }
}
