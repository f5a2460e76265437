using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>
/// This scheduler's picture of the nodes: fed by its own commits, and read again where a compare-and-set lost or somebody
/// says that a node changed. It may be behind; the version in each reservation says so in time.
/// </summary>
internal sealed class NodeView(INodeStore nodes)
{
    private readonly Dictionary<string, (NodeSnapshot Node, long Version, NodeLiveness Liveness)> _nodes = [];
    private readonly Lock _gate = new();

    public IReadOnlyList<NodeSnapshot> Nodes
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Values.Select(entry => entry.Node)];
            }
        }
    }

    public long VersionOf(string nodeId)
    {
        lock (_gate)
        {
            return _nodes[nodeId].Version;
        }
    }

    /// <returns>The verdict on the node as it was taken over; null when there is no such node.</returns>
    public NodeLiveness? LivenessOf(string nodeId)
    {
        lock (_gate)
        {
            return _nodes.TryGetValue(nodeId, out var entry) ? entry.Liveness : null;
        }
    }

    public async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var node in await nodes.ListAsync(cancellation))
        {
            Put(node);
        }
    }

    public async Task RefreshAsync(IEnumerable<string> nodeIds, CancellationToken cancellation)
    {
        foreach (var node in await Task.WhenAll(nodeIds.Select(id => nodes.FindAsync(id, cancellation))))
        {
            if (node is not null)
            {
                Put(node);
            }
        }
    }

    /// <summary>Takes over what this scheduler has just committed on the version before.</summary>
    public void Reserved(string nodeId, long version, Demand demand, int count)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(nodeId, out var entry) && entry.Version == version)
            {
                var after = entry.Node with
                {
                    ReservedCpus = entry.Node.ReservedCpus + (demand.Cpus * count),
                    ReservedMemoryBytes = entry.Node.ReservedMemoryBytes + (demand.MemoryBytes * count),
                };
                _nodes[nodeId] = (after, version + 1, entry.Liveness);
            }
        }
    }

    private void Put(NodeDocument node)
    {
        var snapshot = new NodeSnapshot
        {
            Id = node.Id,
            Name = node.Name,
            Refuses = NodeRefusal.Of(node.Availability, node.Liveness),
            Cpus = node.Capacity.Cpus,
            MemoryBytes = node.Capacity.MemoryBytes,
            ReservedCpus = node.Reservations.Values.Sum(reservation => reservation.Cpus),
            ReservedMemoryBytes = node.Reservations.Values.Sum(reservation => reservation.MemoryBytes),
        };
        lock (_gate)
        {
            if (!_nodes.TryGetValue(node.Id, out var entry) || entry.Version <= node.Version)
            {
                _nodes[node.Id] = (snapshot, node.Version, node.Liveness);
            }
        }
    }
}
