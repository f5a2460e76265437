using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Commands;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Marking the node is the commit point: a duplicate finds the mark or the kept answer, and goes on.</summary>
internal sealed class RemoveNodeConsumer(
    INodeStore nodes, INodeLivenessStore liveness, NodeCommandDesk desk, NodeRemovals removals, NodeView view, TimeProvider time)
    : IConsumer<RemoveNode>
{
    private const string Name = "remove-node";

    public Task Consume(ConsumeContext<RemoveNode> context)
    {
        var (message, cancellation) = (context.Message, context.CancellationToken);
        var command = CommandIds.Of(context, message.CommandId);
        return desk.TakeAsync(
            command, Name, message.NodeId, () => DecideAsync(command, message, cancellation), nodeId => removals.FollowAsync(nodeId, cancellation), cancellation);
    }

    private async Task<CommandAnswer> DecideAsync(string command, RemoveNode message, CancellationToken cancellation)
    {
        while (true)
        {
            var node = message.NodeId is { Length: > 0 } id ? await nodes.FindAsync(id, cancellation) : null;
            if (node is not null && node.RemovedBy != command && await RefusalAsync(node, message.Force, cancellation) is { } refusal)
            {
                return await desk.RejectAsync(command, Name, [refusal], cancellation);
            }

            if (node is null)
            {
                return await desk.RejectAsync(command, Name, [NodeCommandDesk.Unknown(message.NodeId)], cancellation);
            }

            if (node.RemovedBy is not null || await nodes.TryReplaceAsync(node with { RemovedBy = command, UpdatedAt = time.GetUtcNow() }, cancellation))
            {
                // Kept before the node goes: a duplicate that comes later would find none.
                var answer = await desk.AcceptAsync(command, Name, cancellation);
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
}
