using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

internal sealed class NodeJoinedConsumer(
    INodeStore nodes, NodeChanges changes, LivenessFollower follower, IBus bus, TimeProvider time, ILogger<NodeJoinedConsumer> logger) : IConsumer<NodeJoined>
{
    public async Task Consume(ConsumeContext<NodeJoined> context)
    {
        var cancellation = context.CancellationToken;
        var joined = context.Message;
        if (await StoreAsync(joined, cancellation) is not { } stored)
        {
            return;
        }

        Log.NodeJoined(logger, stored.Id, stored.Name);
        await changes.FollowAsync(stored.Id, cancellation);
        await bus.Publish(NodeEvents.Changed(stored, time.GetUtcNow()), cancellation);
        await follower.FollowAsync(stored.Id, cancellation);
    }

    private const int MaxImages = 500;

    /// <returns>Null when the message is older than what is stored.</returns>
    private async Task<NodeDocument?> StoreAsync(NodeJoined joined, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var stored = await nodes.FindAsync(joined.NodeId, cancellation);
            if (stored?.AgentEpoch > joined.AgentEpoch)
            {
                return null;
            }

            var after = (stored ?? New(joined, now)) with
            {
                Name = joined.Name,
                Role = joined.Role,
                Capacity = joined.Capacity,
                Platform = joined.Platform,
                Engine = joined.Engine,
                AgentLabels = joined.Labels,
                AgentPool = joined.Pool,
                AgentTaints = [.. joined.Taints.Select(taint => taint with { Since = stored?.AgentTaints.FirstOrDefault(known => known with { Since = null } == taint with { Since = null })?.Since ?? now })],
                Images = [.. joined.Images.Take(MaxImages)],
                DirtySince = now,
                Address = joined.Address,
                AgentEpoch = joined.AgentEpoch,
                UpdatedAt = now,
            };
            var done = stored is null ? await nodes.TryInsertAsync(after, cancellation) : await nodes.TryReplaceAsync(after, cancellation);
            if (done)
            {
                return after with { Version = after.Version + 1 };
            }
        }
    }

    private static NodeDocument New(NodeJoined joined, DateTimeOffset now) => new()
    {
        Id = joined.NodeId,
        Name = joined.Name,
        Capacity = joined.Capacity,
        Platform = joined.Platform,
        Engine = joined.Engine,
        JoinedAt = now,
        UpdatedAt = now,
    };
}
