using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Commands;

/// <summary>Keeps the scheduler's answers with the commands and tells all instances. Answers to commands that came over the bus are not kept here.</summary>
internal sealed class CommandAnsweredConsumer(ICommandStore commands)
    : IConsumer<CommandAccepted>, IConsumer<CommandRejected>, IConsumer<CommandSuperseded>
{
    public Task Consume(ConsumeContext<CommandAccepted> context)
    {
        var answer = Answer(context.Message, context.Message.Command, CommandOutcome.Accepted) with
        {
            Revisions = context.Message.Revisions,
            Changed = context.Message.Changed,
        };
        return KeepAsync(answer, context);
    }

    public Task Consume(ConsumeContext<CommandRejected> context) =>
        KeepAsync(Answer(context.Message, context.Message.Command, CommandOutcome.Rejected) with { Errors = context.Message.Errors }, context);

    public Task Consume(ConsumeContext<CommandSuperseded> context) =>
        KeepAsync(Answer(context.Message, context.Message.Command, CommandOutcome.Superseded), context);

    private static CommandAnswer Answer(OrchestratorEvent message, string command, CommandOutcome outcome) => new()
    {
        CommandId = message.CommandId ?? "",
        Command = command,
        App = message.App ?? "",
        Outcome = outcome,
        AppVersion = message.Version,
        EventId = message.EventId,
        AnsweredAt = message.OccurredAt,
    };

    private async Task KeepAsync(CommandAnswer answer, ConsumeContext context)
    {
        if (await commands.TryAnswerAsync(answer, context.CancellationToken) is { } command)
        {
            ApiMetrics.CommandAnswered(command.Command, answer.Outcome.ToString(), answer.AnsweredAt - command.CreatedAt);
        }

        await context.Publish(
            new CommandAnswered { CommandId = answer.CommandId, App = answer.App }, signal => signal.Durable = false, context.CancellationToken);
    }
}
