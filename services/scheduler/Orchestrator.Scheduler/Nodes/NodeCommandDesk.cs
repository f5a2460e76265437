using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Scheduler.Commands;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>What commands on nodes have in common: a duplicate gets the kept answer, and what was accepted is followed.</summary>
internal sealed class NodeCommandDesk(ICommandResultStore results, IBus bus, TimeProvider time, ILogger<NodeCommandDesk> logger)
{
    public async Task TakeAsync(
        string command, string name, string? nodeId, Func<Task<CommandAnswer>> decide, Func<string, Task> follow, CancellationToken cancellation)
    {
        var answer = await results.FindAsync(command, cancellation) ?? await decide();
        Log.CommandAnswered(logger, command, name, nodeId ?? "", answer.Outcome.ToString());
        await bus.Publish(answer.ToEvent(), answer.ToEvent().GetType(), cancellation);
        if (answer.Outcome == CommandOutcome.Accepted)
        {
            await follow(nodeId!);
        }
    }

    public static string Unknown(string? nodeId) => $"there is no node '{nodeId}'; see orch node ls";

    public Task<CommandAnswer> RejectAsync(string command, string name, IReadOnlyList<string> errors, CancellationToken cancellation) =>
        KeepAsync(Answer(command, name, CommandOutcome.Rejected) with { Errors = errors }, cancellation);

    public Task<CommandAnswer> AcceptAsync(string command, string name, CancellationToken cancellation) =>
        KeepAsync(Answer(command, name, CommandOutcome.Accepted), cancellation);

    private async Task<CommandAnswer> KeepAsync(CommandAnswer answer, CancellationToken cancellation)
    {
        await results.AddManyAsync([answer], cancellation);
        SchedulerMetrics.CommandAnswered(answer.Command, answer.Outcome.ToString());
        return answer;
    }

    private CommandAnswer Answer(string command, string name, CommandOutcome outcome) => new()
    {
        CommandId = command,
        Command = name,
        App = "",
        Outcome = outcome,
        EventId = Events.EventHead.NewId(),
        AnsweredAt = time.GetUtcNow(),
    };
}
