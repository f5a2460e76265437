using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
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
    private readonly Dictionary<string, NodeEntry> _nodes = [];
    private readonly Cluster _cluster = new();
    private readonly Lock _gate = new();

    /// <summary>Nothing changes meanwhile.</summary>
    public T Decide<T>(Func<Cluster, T> decision)
    {
        lock (_gate)
        {
            return decision(_cluster);
        }
    }

    public T DecideWithEntries<T>(Func<Cluster, IReadOnlyDictionary<string, NodeEntry>, T> decision)
    {
        lock (_gate)
        {
            return decision(_cluster, _nodes);
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>Nodes that changed and that not all services have looked at.</summary>
    public IReadOnlyList<string> Dirty
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Where(entry => entry.Value.Dirty).Select(entry => entry.Key)];
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

    /// <summary>Nodes whose quarantine is over.</summary>
    public IReadOnlyList<string> QuarantineOver(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _nodes.Where(entry => entry.Value.QuarantinedUntil <= now).Select(entry => entry.Key)];
        }
    }

    /// <summary>The nodes of the cluster's network, by id.</summary>
    public IReadOnlyList<NodeAddress> Addresses
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Values.Select(entry => entry.Address).OfType<NodeAddress>().OrderBy(node => node.NodeId, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Those of them that are not silent.</summary>
    public IReadOnlyList<NodeAddress> AddressesThatAnswer
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Values.Where(entry => entry.Liveness < NodeLiveness.Unreachable).Select(entry => entry.Address).OfType<NodeAddress>()];
            }
        }
    }

    /// <summary>Nodes that answer on published ports, by name.</summary>
    public IReadOnlyList<NodePorts> AnsweringPorts
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Values.Where(entry => entry is { Liveness: < NodeLiveness.Unreachable, Removed: false } && entry.Availability != NodeAvailability.Drain)
                    .Select(entry => entry.Ports).OrderBy(node => node.Name, StringComparer.Ordinal)];
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
    public void Reserved(string nodeId, long version, IEnumerable<(string TaskId, Claim Claim)> tasks)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(nodeId, out var entry) && entry.Version == version)
            {
                foreach (var (id, claim) in tasks)
                {
                    _cluster.Add(nodeId, id, claim);
                }

                _nodes[nodeId] = entry with { Version = version + 1 };
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
                _cluster.Forget(id);
            }
        }
    }

    private void Put(NodeDocument node)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(node.Id, out var entry) || entry.Version <= node.Version)
            {
                var claims = new ReservedClaims(_cluster.Find(node.Id)?.Tasks);
                _cluster.Put(NodeSnapshots.Of(node, entry is not null && entry.Images.SequenceEqual(node.Images) ? _cluster.Find(node.Id)?.Node.Images : null), node.Reservations.ToDictionary(reservation => reservation.Key, reservation => claims.Of(reservation.Key, reservation.Value)));
                _nodes[node.Id] = new NodeEntry(node);
            }
        }
    }
}
