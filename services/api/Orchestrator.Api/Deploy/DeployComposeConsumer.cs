using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Deploy;

/// <summary>A Compose file from the bus: validated here, published as deploy-app with the same id, or rejected with all errors.</summary>
internal sealed class DeployComposeConsumer(ComposeDeploys deploys, ICommandStore commands, TimeProvider time) : IConsumer<DeployCompose>
{
    public async Task Consume(ConsumeContext<DeployCompose> context)
    {
        var message = context.Message;
        var id = !string.IsNullOrWhiteSpace(message.CommandId) ? message.CommandId : (context.MessageId ?? NewId.NextGuid()).ToString("N");
        if (await commands.FindAsync(id, context.CancellationToken) is { Answer: not null } earlier)
        {
            // The answer of the first time, with its event id: the history keeps it once.
            var answer = earlier.Answer!.ToEvent();
            await context.Publish(answer, answer.GetType(), context.CancellationToken);
            return;
        }

        var result = ComposeDeploys.Read(message.Compose, message.FileName, message.App, message.Files, message.Variables);
        if (result.Errors.Count == 0)
        {
            await deploys.TakeAsync(id, result, message.RequestedBy ?? "bus", context.CancellationToken);
            return;
        }

        await context.Publish(
            new CommandRejected
            {
                EventId = NewId.NextGuid().ToString("N"),
                OccurredAt = time.GetUtcNow(),
                App = result.App ?? message.App,
                CommandId = id,
                Command = "deploy-compose",
                Errors = [.. result.Errors.Select(error => error.ToString())],
            },
            context.CancellationToken);
    }
}
