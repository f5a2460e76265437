using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>
/// The nodes as a group ranks them before anything is said about services: whoever is first here is first, or something that only
/// takes points away stands against it.
/// </summary>
internal sealed class GroupRanking
{
    private readonly TaskGroup _group;
    private readonly ScoreWeights _weights;
    private readonly NodeState[] _nodes;
    private readonly NodeSnapshot[] _seen;
    private readonly long[] _standingPoints;
    private readonly bool[] _stands;
    private readonly MaxTree[] _cells;
    private readonly long _nanoCpus;
    private readonly long _memoryBytes;

    public GroupRanking(TaskGroup group, ScoreWeights weights, Layout layout, NodeState[] nodes)
    {
        (_group, _weights, Layout, _nodes) = (group, weights, layout, nodes);
        (_nanoCpus, _memoryBytes) = (group.Claim.Demand.NanoCpus, group.Claim.Demand.MemoryBytes);
        _seen = new NodeSnapshot[nodes.Length];
        _standingPoints = new long[nodes.Length];
        _stands = new bool[nodes.Length];
        StandingInCell = new int[layout.Slots.Length];
        Room = new int[nodes.Length];
        Array.Fill(Room, Unknown);
        Added = new int[nodes.Length];
        foreach (var node in nodes)
        {
            Look(node);
        }

        _cells = [.. layout.Slots.Select(slots => new MaxTree([.. slots.Select(slot => Bound(nodes[slot]))]))];
        Refusing = layout.Slots.Sum(slots => slots.Count(slot => this[slot] == MaxTree.None));
        Refusals = new Refusal?[nodes.Length];
    }

    /// <summary>In <see cref="Room"/>: not looked into yet.</summary>
    public const int Unknown = -1;

    public Layout Layout { get; }
    public long Position { get; set; }
    public long LastUse { get; set; }

    /// <summary>By cell: how many nodes pass the rules that do not change with what is placed.</summary>
    public int[] StandingInCell { get; }

    /// <summary>A pass notes here, by slot, how many more tasks of its service the node can take; it leaves all as it found it.</summary>
    public int[] Room { get; }

    /// <summary>A pass notes here, by slot, how many tasks it has given the node.</summary>
    public int[] Added { get; }

    public int Cells => _cells.Length;

    /// <summary>How many nodes have no room.</summary>
    public int Refusing { get; private set; }

    /// <summary>By slot: what was told of a node that has no room, as long as nothing changes there.</summary>
    public Refusal?[] Refusals { get; }

    public bool Stands(int slot) => _stands[slot];

    /// <returns>The first of the cell and its points; <see cref="MaxTree.None"/>: the cell has no room.</returns>
    public (int Slot, long Points) Top(int cell)
    {
        var tree = _cells[cell];
        var leaf = tree.Top;
        return (Layout.Slots[cell][leaf], tree[leaf]);
    }

    public long this[int slot]
    {
        get => _cells[Layout.CellOf[slot]][Layout.LeafOf[slot]];
        set
        {
            var (tree, leaf) = (_cells[Layout.CellOf[slot]], Layout.LeafOf[slot]);
            Refusing += (value == MaxTree.None ? 1 : 0) - (tree[leaf] == MaxTree.None ? 1 : 0);
            tree[leaf] = value;
        }
    }

    public void Refresh(NodeState node)
    {
        if (!ReferenceEquals(_seen[node.Slot], node.Node))
        {
            Look(node);
        }

        Refusals[node.Slot] = null;
        this[node.Slot] = Bound(node);
    }

    /// <returns>Points for all that is not about services, with so many tasks of the pass on the node already.</returns>
    public long Base(NodeState node, int added)
    {
        var points = _standingPoints[node.Slot];
        if (_weights.Binpack > 0 || _weights.Emptiness > 0)
        {
            var binpack = BinpackScore.Of(node, _nanoCpus, _memoryBytes, added + 1);
            points += Points.Of(binpack, _weights.Binpack) + Points.Of(100 - binpack, _weights.Emptiness);
        }

        return points;
    }

    public long Bound(NodeState node) =>
        _stands[node.Slot] && NodeFilters.Capacity.Room(_group, node) > 0 ? Base(node, 0) : MaxTree.None;

    private void Look(NodeState node)
    {
        var (slot, stood) = (node.Slot, _stands[node.Slot]);
        _seen[slot] = node.Node;
        _stands[slot] = NodeFilters.Standing.Room(_group, node) > 0;
        StandingInCell[Layout.CellOf[slot]] += (_stands[slot] ? 1 : 0) - (stood ? 1 : 0);
        _standingPoints[slot] = Points.Of(TaintScore.Of(_group, node.Node), _weights.Taints)
            + (_group.Affinities.Count > 0 ? Points.Of(AttributeAffinityScore.Of(_group, node.Node), _weights.Affinity) : 0)
            + (_group.Image is not null ? Points.Of(ImageScore.Of(_group, node.Node), _weights.Image) : 0);
    }
}
