using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Takes the health monitor's verdicts over into nodes and their tasks. Looks at what is stored: a message only makes it sooner, and repeating it does no harm.</summary>
internal sealed class LivenessFollower(
    INodeLivenessStore liveness, INodeStore nodes, ITaskStore tasks, NodeTaskFates fates, NodeChanges changes, NodeView view, HeartbeatDesk heartbeats, IBus bus, TimeProvider time, ILogger<LivenessFollower> logger)
{
    /// <summary>Nodes of a sweep; what their tasks are told is stored together.</summary>
    private const int AtOnce = 100;

    public async Task FollowAsync(string nodeId, CancellationToken cancellation)
    {
        foreach (var found in await liveness.FindManyAsync([nodeId], cancellation))
        {
            await FollowAsync(found, cancellation);
        }
    }

    /// <summary>Nodes whose verdict was missed, and every lost one: a task may have been placed there while it was being lost.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var found = await liveness.ListAsync(cancellation);
        await heartbeats.FollowAsync(found, cancellation);
        foreach (var some in found.Where(document => view.LivenessOf(document.Id) is { } known && (known != document.Liveness || known >= NodeLiveness.Lost)).Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(document => view.LivenessOf(document.Id) == document.Liveness ? fates.FollowAsync(document, cancellation) : FollowAsync(document, cancellation)));
        }
    }

    private async Task FollowAsync(NodeLivenessDocument found, CancellationToken cancellation)
    {
        var isGone = found.Liveness >= NodeLiveness.Lost;
        if (!isGone)
        {
            // Before the node is taken for returned, or nobody would look at its tasks again after a crash in between.
            await fates.FollowAsync(found, cancellation);
        }

        await TakeOverAsync(found, cancellation);
        if (isGone)
        {
            // After the node takes no more tasks, or one could be placed there that nobody has looked at.
            await fates.FollowAsync(found, cancellation);
        }
    }

    private async Task TakeOverAsync(NodeLivenessDocument found, CancellationToken cancellation)
    {
        while (await nodes.FindAsync(found.Id, cancellation) is { } node && node.Liveness != found.Liveness)
        {
            var now = time.GetUtcNow();
            var takesTasks = found.Liveness < NodeLiveness.Unreachable;
            if (!await nodes.TryReplaceAsync(node with { Liveness = found.Liveness, DirtySince = takesTasks ? now : node.DirtySince, UpdatedAt = now }, cancellation))
            {
                continue;
            }

            Log.NodeLivenessFollowed(logger, node.Id, node.Name, found.Liveness.ToString(), found.Reason);
            await view.RefreshAsync([node.Id], cancellation);
            await TellAsync(node with { Liveness = found.Liveness, Version = node.Version + 1 }, now, cancellation);
            return;
        }

        await view.RefreshAsync([found.Id], cancellation);
    }

    private async Task TellAsync(NodeDocument node, DateTimeOffset now, CancellationToken cancellation)
    {
        await bus.Publish(NodeEvents.Changed(node, now), cancellation);
        if (node.Liveness < NodeLiveness.Unreachable)
        {
            // Connections go to its tasks again, and what waits for room may fit there.
            await changes.FollowAsync(node.Id, cancellation);
        }
        else if (node.Network?.Subnet is not null)
        {
            // Connections go to its tasks no more.
            var here = (await tasks.ListLiveByNodeAsync(node.Id, cancellation)).Select(task => task.ServiceId).Distinct();
            await bus.PublishManyAsync([.. here.Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        }
    }
}
