using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Marking the node is the commit point: a duplicate finds the mark or the kept answer, and goes on.</summary>
internal sealed class RemoveNodeConsumer(
    INodeStore nodes, INodeLivenessStore liveness, ICommandResultStore results, NodeRemovals removals, NodeView view, IBus bus, TimeProvider time, ILogger<RemoveNodeConsumer> logger)
    : IConsumer<RemoveNode>
{
    private const string Name = "remove-node";

    public async Task Consume(ConsumeContext<RemoveNode> context)
    {
        var cancellation = context.CancellationToken;
        var command = CommandIds.Of(context, context.Message.CommandId);
        var answer = await results.FindAsync(command, cancellation) ?? await DecideAsync(command, context.Message, cancellation);
        Log.CommandAnswered(logger, command, Name, context.Message.NodeId ?? "", answer.Outcome.ToString());
        await bus.Publish(answer.ToEvent(), answer.ToEvent().GetType(), cancellation);
        if (answer.Outcome == CommandOutcome.Accepted)
        {
            await removals.FollowAsync(context.Message.NodeId!, cancellation);
        }
    }

    private async Task<CommandAnswer> DecideAsync(string command, RemoveNode message, CancellationToken cancellation)
    {
        while (true)
        {
            var node = message.NodeId is { Length: > 0 } id ? await nodes.FindAsync(id, cancellation) : null;
            if (node is not null && node.RemovedBy != command && await RefusalAsync(node, message.Force, cancellation) is { } refusal)
            {
                return await KeepAsync(Answer(command, CommandOutcome.Rejected) with { Errors = [refusal] }, cancellation);
            }

            if (node is null)
            {
                return await KeepAsync(Answer(command, CommandOutcome.Rejected) with { Errors = [$"there is no node '{message.NodeId}'; see orch node ls"] }, cancellation);
            }

            if (node.RemovedBy is not null || await nodes.TryReplaceAsync(node with { RemovedBy = command, UpdatedAt = time.GetUtcNow() }, cancellation))
            {
                // Kept before the node goes: a duplicate that comes later would find none.
                var answer = await KeepAsync(Answer(command, CommandOutcome.Accepted), cancellation);
                await view.RefreshAsync([node.Id], cancellation);
                return answer;
            }
        }
    }

    private async Task<string?> RefusalAsync(NodeDocument node, bool force, CancellationToken cancellation)
    {
        var seen = await liveness.FindManyAsync([node.Id], cancellation);
        return force || seen.All(found => found.Liveness >= NodeLiveness.Unreachable)
            ? null
            : $"node '{node.Name}' answers: stop its agent there first (infra/agent.sh down), or use --force: what runs there runs on, and nobody looks after it";
    }

    private async Task<CommandAnswer> KeepAsync(CommandAnswer answer, CancellationToken cancellation)
    {
        await results.AddManyAsync([answer], cancellation);
        SchedulerMetrics.CommandAnswered(answer.Command, answer.Outcome.ToString());
        return answer;
    }

    private CommandAnswer Answer(string command, CommandOutcome outcome) => new()
    {
        CommandId = command,
        Command = Name,
        App = "",
        Outcome = outcome,
        EventId = EventHead.NewId(),
        AnsweredAt = time.GetUtcNow(),
    };
}
