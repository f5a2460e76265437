namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A node with what is placed on it.</summary>
public sealed class NodeState
{
    private FlatTable<Claim> _tasks = new();
    private FlatTable<int> _services = new();
    private Dictionary<string, long>? _generic;
    private List<HostPort>? _ports;
    private long _usedNanoCpus;
    private long _usedMemoryBytes;
    private long _usedPids;

    // Two states share their collections until one of them changes.
    private bool _shared;

    internal NodeState(NodeSnapshot node) => Take(node);

    public NodeSnapshot Node { get; private set; } = null!;

    /// <summary>By task id.</summary>
    public IReadOnlyDictionary<string, Claim> Tasks => _tasks;

    internal FlatTable<Claim> Placed => _tasks;

    public long AllocatableNanoCpus { get; private set; }
    public long AllocatableMemoryBytes { get; private set; }
    public long UsedNanoCpus => _usedNanoCpus;
    public long UsedMemoryBytes => _usedMemoryBytes;
    public long FreeNanoCpus => AllocatableNanoCpus - _usedNanoCpus;
    public long FreeMemoryBytes => AllocatableMemoryBytes - _usedMemoryBytes;
    public long FreePids => Node.Pids is { } pids ? pids - _usedPids : long.MaxValue;

    /// <summary>What is reserved of what can be, of CPUs or memory whichever is more; 0…1, and more where a node has shrunk.</summary>
    public double Load => Math.Max(Share(_usedNanoCpus, AllocatableNanoCpus), Share(_usedMemoryBytes, AllocatableMemoryBytes));

    internal int Slot { get; set; }

    /// <summary>The number that its cluster gave its last change: earlier ones need no look.</summary>
    internal long LastChange { get; set; }

    public int CountOf(string service) => _services.GetValueOrDefault(service);

    public long FreeGeneric(string kind) => Node.Generic.GetValueOrDefault(kind) - (_generic?.GetValueOrDefault(kind) ?? 0);

    /// <returns>The port in use that stands in the way.</returns>
    public HostPort? Conflict(HostPort port)
    {
        foreach (var used in _ports ?? [])
        {
            if (used.ConflictsWith(port))
            {
                return used;
            }
        }

        return null;
    }

    public bool HoldsDevice(string deviceId)
    {
        foreach (var (_, claim) in _tasks)
        {
            if (claim.Demand.DeviceIds.Contains(deviceId))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>The same node with so many more of these tasks.</returns>
    public NodeState With(Claim claim, int count)
    {
        var after = Copy();
        for (var (i, added) = (0, 0); added < count; i++)
        {
            added += after.Add($"\u0001{i}", claim) ? 1 : 0;
        }

        return after;
    }

    public NodeState With(NodeSnapshot node)
    {
        var after = Copy();
        after.Take(node);
        return after;
    }

    public NodeState Without(IEnumerable<string> taskIds)
    {
        var after = Copy();
        foreach (var id in taskIds)
        {
            after.Remove(id);
        }

        return after;
    }

    internal NodeState Copy()
    {
        _shared = true;
        return (NodeState)MemberwiseClone();
    }

    internal void Take(NodeSnapshot node)
    {
        Node = node;
        AllocatableNanoCpus = node.AllocatableNanoCpus;
        AllocatableMemoryBytes = node.AllocatableMemoryBytes;
    }

    /// <returns>False: it is there already.</returns>
    internal bool Add(string taskId, Claim claim)
    {
        Unshare();
        claim = claim.On(Node);
        ref var there = ref _tasks.ValueOrNew(taskId, out var isThere);
        if (isThere)
        {
            return false;
        }

        there = claim;
        Count(claim, 1);
        _ports = claim.Ports.Count > 0 ? [.. _ports ?? [], .. claim.Ports] : _ports;
        return true;
    }

    /// <returns>What it held; null: it is not there.</returns>
    internal Claim? Remove(string taskId)
    {
        Unshare();
        if (!_tasks.Remove(taskId, out var claim))
        {
            return null;
        }

        Count(claim, -1);
        if (claim.Ports.Count > 0)
        {
            _ports = [.. _tasks.Values.SelectMany(other => other.Ports)];
        }

        return claim;
    }

    private void Count(Claim claim, int sign)
    {
        var demand = claim.Demand;
        _usedNanoCpus += sign * demand.NanoCpus;
        _usedMemoryBytes += sign * demand.MemoryBytes;
        _usedPids += sign * demand.Pids;
        if (demand.Generic.Count > 0)
        {
            _generic ??= new(StringComparer.Ordinal);
            foreach (var (kind, amount) in demand.Generic)
            {
                _generic[kind] = _generic.GetValueOrDefault(kind) + (sign * amount);
            }
        }

        if (claim.Service.Length == 0)
        {
            return;
        }

        ref var count = ref _services.ValueOrNew(claim.Service, out _);
        count += sign;
        if (count == 0)
        {
            _services.Remove(claim.Service, out _);
        }
    }

    private void Unshare()
    {
        if (_shared)
        {
            _tasks = new(_tasks);
            _services = new(_services);
            _generic = _generic is null ? null : new(_generic, StringComparer.Ordinal);
            _shared = false;
        }
    }

    private static double Share(long used, long all) => all > 0 ? (double)used / all : used > 0 ? double.PositiveInfinity : 0;
}
