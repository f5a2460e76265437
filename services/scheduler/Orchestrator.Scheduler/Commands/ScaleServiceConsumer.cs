using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

internal sealed class ScaleServiceConsumer(CommandDesk desk) : IConsumer<ScaleService>
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
            DecideAsync = (app, _) => Task.FromResult(Decide(message, app)),
        };
        return desk.TakeAsync(command, context.CancellationToken);
    }

    private static AppDecision Decide(ScaleService message, AppDocument? app)
    {
        if (app is null || message.Service is null || !app.Wanted.TryGetValue(message.Service, out var now))
        {
            return AppDecision.Refuse($"{message.App}/{message.Service}: there is no such service; deploy it first");
        }

        return new AppDecision
        {
            Changed = now.Replicas != message.Replicas,
            Wanted = new Dictionary<string, WantedService>(app.Wanted) { [message.Service] = now with { Replicas = message.Replicas!.Value } },
        };
    }
}
