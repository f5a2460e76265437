using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;

namespace Orchestrator.Scheduler.Commands;

internal sealed class RemoveAppConsumer(CommandDesk desk) : IConsumer<RemoveApp>
{
    public Task Consume(ConsumeContext<RemoveApp> context)
    {
        var message = context.Message;
        var command = new AppCommand
        {
            Id = CommandIds.Of(context, message.CommandId),
            Name = "remove-app",
            App = message.App ?? "",
            Order = message.Order,
            RequestedBy = message.RequestedBy,
            Faults = [.. SpecValidator.CheckAppName(message.App)],
            DecideAsync = (app, _, _) => Task.FromResult(app is null || app.Wanted.Count == 0
                ? AppDecision.Refuse($"{message.App}: there is no such application")
                : new AppDecision { Whole = true, Changed = true, Leaving = [.. app.Wanted.Values.Select(wanted => wanted.ServiceId)] }),
        };
        return desk.TakeAsync(command, context.CancellationToken);
    }
}
