using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Deploy;

/// <summary>A Compose file from the bus: validated here, published as deploy-app with the same id, or rejected with all errors.</summary>
internal sealed class DeployComposeConsumer(ComposeDeploys deploys, ICommandStore commands, TimeProvider time) : IConsumer<DeployCompose>
{
    private const string Name = "deploy-compose";

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
            await deploys.TakeAsync(id, result, message.PlanIndex, message.RequestedBy ?? "bus", context.CancellationToken);
            return;
        }

        await RejectAsync(context, id, result.App ?? message.App ?? "", [.. result.Errors.Select(error => error.ToString())]);
    }

    /// <summary>The rejection is kept like the scheduler's: a duplicate gets the same one, and it is found by its command id.</summary>
    private async Task RejectAsync(ConsumeContext<DeployCompose> context, string id, string app, IReadOnlyList<string> errors)
    {
        var now = time.GetUtcNow();
        var answer = new CommandAnswer
        {
            CommandId = id,
            Command = Name,
            App = app,
            Outcome = CommandOutcome.Rejected,
            Errors = errors,
            EventId = NewId.NextGuid().ToString("N"),
            AnsweredAt = now,
        };
        var stored = await commands.AddAsync(
            new CommandDocument
            {
                Id = id, Command = Name, App = app, Body = "{}", RequestedBy = context.Message.RequestedBy ?? "bus", CreatedAt = now, PublishDueAt = now, Answer = answer,
            },
            context.CancellationToken);
        var rejected = (stored.Answer ?? answer).ToEvent();
        await context.Publish(rejected, rejected.GetType(), context.CancellationToken);
    }
}
