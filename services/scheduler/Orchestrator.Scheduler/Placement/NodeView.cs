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
    private readonly Dictionary<string, (NodeSnapshot Node, long Version, NodeLiveness Liveness, bool Removed)> _nodes = [];
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

    public IReadOnlyList<string> BeingRemoved
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Where(entry => entry.Value.Removed).Select(entry => entry.Key)];
            }
        }
    }

    /// <returns>A count for every liveness there is.</returns>
    public IReadOnlyDictionary<NodeLiveness, int> CountByLiveness()
    {
        lock (_gate)
        {
            return Enum.GetValues<NodeLiveness>().ToDictionary(liveness => liveness, liveness => _nodes.Values.Count(entry => entry.Liveness == liveness));
        }
    }

    /// <returns>0 when there is no such node: no stored node has that version.</returns>
    public long VersionOf(string nodeId)
    {
        lock (_gate)
        {
            return _nodes.TryGetValue(nodeId, out var entry) ? entry.Version : 0;
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

    public async Task RefreshAsync(IReadOnlyCollection<string> nodeIds, CancellationToken cancellation)
    {
        if (nodeIds.Count == 0)
        {
            return;
        }

        var found = await nodes.FindManyAsync([.. nodeIds], cancellation);
        foreach (var node in found)
        {
            Put(node);
        }

        Drop(nodeIds.Except(found.Select(node => node.Id)));
    }

    /// <summary>Reads again what other schedulers have changed: they do not tell of each task that comes and goes.</summary>
    /// <returns>Whether there was anything.</returns>
    public async Task<bool> CatchUpAsync(CancellationToken cancellation)
    {
        var stored = await nodes.ListVersionsAsync(cancellation);
        List<string> changed;
        lock (_gate)
        {
            changed = [.. stored.Where(node => !_nodes.TryGetValue(node.Key, out var entry) || entry.Version < node.Value).Select(node => node.Key),
                .. _nodes.Keys.Where(id => !stored.ContainsKey(id))];
        }

        await RefreshAsync(changed, cancellation);
        return changed.Count > 0;
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
                _nodes[nodeId] = (after, version + 1, entry.Liveness, entry.Removed);
            }
        }
    }

    private void Drop(IEnumerable<string> nodeIds)
    {
        lock (_gate)
        {
            foreach (var id in nodeIds)
            {
                _nodes.Remove(id);
            }
        }
    }

    private void Put(NodeDocument node)
    {
        var snapshot = new NodeSnapshot
        {
            Id = node.Id,
            Name = node.Name,
            Refuses = NodeRefusal.Of(node.Availability, node.Liveness, node.RemovedBy is not null),
            Cpus = node.Capacity.Cpus,
            MemoryBytes = node.Capacity.MemoryBytes,
            ReservedCpus = node.Reservations.Values.Sum(reservation => reservation.Cpus),
            ReservedMemoryBytes = node.Reservations.Values.Sum(reservation => reservation.MemoryBytes),
        };
        lock (_gate)
        {
            if (!_nodes.TryGetValue(node.Id, out var entry) || entry.Version <= node.Version)
            {
                _nodes[node.Id] = (snapshot, node.Version, node.Liveness, node.RemovedBy is not null);
            }
        }
    }
}
