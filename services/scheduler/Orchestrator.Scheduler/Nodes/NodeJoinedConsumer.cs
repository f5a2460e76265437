using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Network;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

internal sealed class NodeJoinedConsumer(
    INodeStore nodes, NodeChanges changes, LivenessFollower follower, PressureRelief relief, NodeSubnets subnets, NetworkTeller network, IBus bus, TimeProvider time, ILogger<NodeJoinedConsumer> logger) : IConsumer<NodeJoined>
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
        await relief.FollowAsync(stored, cancellation);
        await changes.FollowAsync(stored.Id, cancellation);
        await subnets.AssignAsync(stored.Id, joined.Network, cancellation);
        await network.SweepAsync(cancellation);
        await bus.Publish(NodeEvents.Changed(stored, time.GetUtcNow()), cancellation);
        await follower.FollowAsync(stored.Id, cancellation);
    }

    private const int MaxImages = 200;
    private const int MaxHeldPorts = 200;

    /// <returns>Null when the message is older than what is stored, or than the node's removal: only an agent that was started since joins again.</returns>
    private async Task<NodeDocument?> StoreAsync(NodeJoined joined, CancellationToken cancellation)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var stored = await nodes.FindAsync(joined.NodeId, cancellation);
            if ((stored?.AgentEpoch > joined.AgentEpoch) || (stored is null && await nodes.FindRemovedEpochAsync(joined.NodeId, cancellation) >= joined.AgentEpoch))
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
                Address = joined.Address,
                Pressure = joined.Pressure,
                HeldPorts = [.. joined.HeldPorts.Take(MaxHeldPorts)],

                // An agent that was started again tells anew of what nobody knows, and may have done so before its joining is heard.
                Orphans = [.. stored?.Orphans.Where(orphan => orphan.AgentEpoch >= joined.AgentEpoch) ?? []],
                AgentEpoch = joined.AgentEpoch,
                UpdatedAt = now,
            };
            after = after with { DirtySince = stored is null || MattersToTasks(stored) != MattersToTasks(after) || stored.HeldPorts.Except(after.HeldPorts).Any() ? now : stored.DirtySince };
            var done = stored is null ? await nodes.TryInsertAsync(after, cancellation) : await nodes.TryReplaceAsync(after, cancellation);
            if (done)
            {
                return after with { Version = after.Version + 1 };
            }
        }
    }

    /// <summary>A node that joins again as it was changes nothing for anybody.</summary>
    private static string MattersToTasks(NodeDocument node) =>
        JsonSerializer.Serialize(new { node.Name, node.Role, node.Capacity, node.Platform, node.Engine.Labels, node.AgentLabels, node.AgentPool, node.AgentTaints, node.Pressure?.Memory, node.Pressure?.Disk });

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
