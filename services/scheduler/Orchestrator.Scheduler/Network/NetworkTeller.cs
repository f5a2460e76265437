using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Placement;

namespace Orchestrator.Scheduler.Network;

/// <summary>Tells every node of the cluster's network who else is in it, when that changes and when a node asks.</summary>
internal sealed class NetworkTeller(NetworkSettings settings, NodeView view, IBus bus, TimeProvider time)
{
    private IReadOnlyList<NodeAddress> _told = [];

    /// <summary>May be repeated at any time; does nothing while nothing changes.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        var now = view.Addresses;
        if (!now.SequenceEqual(_told))
        {
            await bus.SendManyAsync([.. now.Select(node => (NodeQueue.Address(node.NodeId), Message(node.NodeId, now)))], cancellation);
            _told = now;
        }
    }

    public Task AnswerAsync(string nodeId, CancellationToken cancellation)
    {
        var now = view.Addresses;
        return now.Any(node => node.NodeId == nodeId) ? bus.SendManyAsync([(NodeQueue.Address(nodeId), Message(nodeId, now))], cancellation) : Task.CompletedTask;
    }

    private UpdateNodeNetwork Message(string nodeId, IReadOnlyList<NodeAddress> nodes) => new()
    {
        NodeId = nodeId,
        AsOf = time.GetUtcNow(),
        Range = settings.Ranges.Range.ToString(),
        Vips = settings.Ranges.Vips.ToString(),
        Nodes = nodes,
    };
}
