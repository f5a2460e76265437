using Orchestrator.Scheduler.Domain.Placement.Ranking;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>
/// The nodes and what is placed on them, kept up to date by small changes. Remembers how groups rank the nodes, so that placing
/// again costs what has changed since. Not for two threads at once.
/// </summary>
public sealed class Cluster
{
    private readonly Dictionary<string, NodeState> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<NodeState, int>> _nodesOfService = new(StringComparer.Ordinal);
    private NodeState[] _nodes = [];
    private bool _sorted = true;

    public Cluster()
        : this([])
    {
    }

    public Cluster(IEnumerable<NodeSnapshot> nodes)
    {
        Rankings = new RankingCache(this);
        foreach (var node in nodes)
        {
            Put(node);
        }
    }

    /// <summary>By id.</summary>
    public IReadOnlyList<NodeState> Nodes => Sorted();

    internal RankingCache Rankings { get; }

    /// <summary>Of all nodes, as real numbers: a hundred thousand large ones are more than a long holds.</summary>
    internal double AllocatableNanoCpus { get; private set; }

    internal double AllocatableMemoryBytes { get; private set; }

    public NodeState? Find(string nodeId) => _byId.GetValueOrDefault(nodeId);

    /// <summary>A node that is new or has changed; what is placed on it stays.</summary>
    public void Put(NodeSnapshot node)
    {
        if (_byId.TryGetValue(node.Id, out var state))
        {
            var before = state.Node;
            Count(state, -1);
            state.Take(node);
            Count(state, 1);
            Rankings.NodeChanged(state, before);
            return;
        }

        _byId[node.Id] = state = new NodeState(node);
        Count(state, 1);
        _sorted = false;
        Rankings.Clear();
    }

    /// <summary>A node that is new or has changed, with all that is placed on it.</summary>
    public void Put(NodeSnapshot node, IReadOnlyDictionary<string, Claim> tasks)
    {
        Put(node);
        foreach (var gone in _byId[node.Id].Tasks.Where(task => !tasks.TryGetValue(task.Key, out var claim) || claim != task.Value).Select(task => task.Key).ToList())
        {
            Remove(node.Id, gone);
        }

        foreach (var (id, claim) in tasks)
        {
            Add(node.Id, id, claim);
        }
    }

    public void Forget(string nodeId)
    {
        if (_byId.Remove(nodeId, out var node))
        {
            Count(node, -1);
            _sorted = false;
            _nodesOfService.Clear();
            Rankings.Clear();
        }
    }

    /// <summary>Idempotent.</summary>
    public void Add(string nodeId, string taskId, Claim claim)
    {
        var node = _byId[nodeId];
        if (node.Add(taskId, claim))
        {
            Count(node, claim.Service, 1);
            Rankings.RoomChanged(node);
        }
    }

    /// <summary>Idempotent.</summary>
    public void Remove(string nodeId, string taskId)
    {
        if (_byId.TryGetValue(nodeId, out var node) && node.Remove(taskId) is { } claim)
        {
            Count(node, claim.Service, -1);
            Rankings.RoomChanged(node);
        }
    }

    /// <returns>The same nodes and tasks, to be changed apart from these. Cheap: tasks are shared until they change.</returns>
    public Cluster Copy()
    {
        var copy = new Cluster();
        foreach (var node in _byId.Values)
        {
            copy._byId[node.Node.Id] = node.Copy();
        }

        (copy.AllocatableNanoCpus, copy.AllocatableMemoryBytes) = (AllocatableNanoCpus, AllocatableMemoryBytes);
        copy._sorted = false;
        return copy;
    }

    /// <summary>The nodes that have tasks of the service, and how many. Found once, then kept.</summary>
    internal IReadOnlyDictionary<NodeState, int> NodesOf(string service)
    {
        if (!_nodesOfService.TryGetValue(service, out var nodes))
        {
            nodes = _byId.Values.Select(node => (Node: node, Count: node.CountOf(service))).Where(pair => pair.Count > 0).ToDictionary(pair => pair.Node, pair => pair.Count);
            _nodesOfService[service] = nodes;
        }

        return nodes;
    }

    internal NodeState[] Sorted()
    {
        if (!_sorted)
        {
            _nodes = [.. _byId.Values.OrderBy(node => node.Node.Id, StringComparer.Ordinal)];
            for (var slot = 0; slot < _nodes.Length; slot++)
            {
                _nodes[slot].Slot = slot;
            }

            _sorted = true;
        }

        return _nodes;
    }

    private void Count(NodeState node, int sign)
    {
        AllocatableNanoCpus += sign * (double)node.AllocatableNanoCpus;
        AllocatableMemoryBytes += sign * (double)node.AllocatableMemoryBytes;
    }

    private void Count(NodeState node, string service, int change)
    {
        if (service.Length == 0 || !_nodesOfService.TryGetValue(service, out var nodes))
        {
            return;
        }

        var count = nodes.GetValueOrDefault(node) + change;
        if (count > 0)
        {
            nodes[node] = count;
        }
        else
        {
            nodes.Remove(node);
            if (nodes.Count == 0)
            {
                _nodesOfService.Remove(service);
            }
        }
    }
}
