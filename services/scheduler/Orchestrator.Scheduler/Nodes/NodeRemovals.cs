using System.Security.Cryptography;
using System.Text;
using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Network;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Ends what is being removed: its tasks are given up, and the node goes when nothing is set aside on it any more. May be repeated at any time.</summary>
internal sealed class NodeRemovals(INodeStore nodes, NodeTaskFates fates, NodeSubnets subnets, NetworkTeller network, NodeView view, WaitingServices waiting, IBus bus, TimeProvider time, ILogger<NodeRemovals> logger)
{
    public async Task SweepAsync(CancellationToken cancellation)
    {
        foreach (var nodeId in view.BeingRemoved)
        {
            await FollowAsync(nodeId, cancellation);
        }
    }

    public async Task FollowAsync(string nodeId, CancellationToken cancellation)
    {
        await fates.GiveUpAsync(nodeId, cancellation);
        while (await nodes.FindAsync(nodeId, cancellation) is { RemovedBy: { } command } node && node.Reservations.Count == 0)
        {
            // Told before it goes: afterwards nobody would know that it is to be told.
            await bus.Publish(
                new NodeRemoved { EventId = EventId(command, nodeId), OccurredAt = time.GetUtcNow(), NodeId = nodeId, Name = node.Name, CommandId = command, Version = node.Version },
                cancellation);
            if (await nodes.TryRemoveAsync(node, time.GetUtcNow(), cancellation))
            {
                await subnets.GiveBackAsync(node, cancellation);
                Log.NodeRemoved(logger, nodeId, node.Name);
                break;
            }
        }

        await view.RefreshAsync([nodeId], cancellation);
        if (view.VersionOf(nodeId) == 0)
        {
            // What must be where it was may go elsewhere now.
            await bus.PublishManyAsync([.. (await waiting.OfAnyNodeAsync(cancellation)).Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        }

        await network.SweepAsync(cancellation);
    }

    private static string EventId(string command, string nodeId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"node-removed {command} {nodeId}")))[..32];
}
