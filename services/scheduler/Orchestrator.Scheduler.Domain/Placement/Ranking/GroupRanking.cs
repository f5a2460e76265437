using System.Numerics;
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
    private readonly StandingProfile _standing;
    private readonly MaxTree[] _cells;
    private readonly long _nanoCpus;
    private readonly long _memoryBytes;
    private readonly bool _rare;
    private readonly bool[] _stood;
    private readonly int[] _standingIn;
    private readonly ulong[] _refusing;
    private readonly int[] _refusingIn;

    public GroupRanking(TaskGroup group, ScoreWeights weights, StandingProfile standing, Layout layout, NodeState[] nodes)
    {
        (_group, _weights, _standing, Layout) = (group, weights, standing, layout);
        var demand = group.Claim.Demand;
        (_nanoCpus, _memoryBytes) = (demand.NanoCpus, demand.MemoryBytes);
        _rare = demand.Pids > 0 || demand.Generic.Count > 0 || demand.DeviceIds.Count > 0 || group.Claim.Ports.Count > 0;
        Room = new int[nodes.Length];
        Array.Fill(Room, Unknown);
        Added = new int[nodes.Length];
        Refusals = new Refusal?[nodes.Length];
        _stood = new bool[nodes.Length];
        _standingIn = new int[layout.Slots.Length];
        _refusingIn = new int[layout.Slots.Length];
        _refusing = new ulong[(nodes.Length + SlotsPerWord - 1) / SlotsPerWord];
        _cells = new MaxTree[layout.Slots.Length];
        for (var cell = 0; cell < _cells.Length; cell++)
        {
            var bounds = new long[layout.Slots[cell].Length];
            for (var leaf = 0; leaf < bounds.Length; leaf++)
            {
                var slot = layout.Slots[cell][leaf];
                bounds[leaf] = Bound(nodes[slot]);
                Note(slot, bounds[leaf] == MaxTree.None);
                _stood[slot] = standing.Stands(slot);
                _standingIn[cell] += _stood[slot] ? 1 : 0;
            }

            _cells[cell] = new MaxTree(bounds);
        }
    }

    /// <summary>In <see cref="Room"/>: not looked into yet.</summary>
    public const int Unknown = -1;

    private const int SlotsPerWord = 64;

    public Layout Layout { get; }
    public long Position { get; set; }
    public long LastUse { get; set; }

    /// <summary>A pass notes here, by slot, how many more tasks of its service the node can take; it leaves all as it found it.</summary>
    public int[] Room { get; }

    /// <summary>A pass notes here, by slot, how many tasks it has given the node.</summary>
    public int[] Added { get; }

    public int Cells => _cells.Length;

    /// <summary>How many nodes have no room.</summary>
    public int Refusing { get; private set; }

    /// <summary>By slot: what was told of a node that has no room, as long as nothing changes there.</summary>
    public Refusal?[] Refusals { get; }

    /// <summary>Taints have cost some nodes points; else nothing is said of them.</summary>
    public bool TaintsCount => _standing.Tainted > 0;

    public bool Stands(int slot) => _standing.Stands(slot);

    /// <returns>Some nodes of the cell pass the rules that do not change with what is placed.</returns>
    public bool AnyStands(int cell) => _standingIn[cell] > 0;

    /// <returns>How many nodes of the cell have room.</returns>
    public int AcceptingIn(int cell) => Layout.Slots[cell].Length - _refusingIn[cell];

    /// <returns>The first node from here on that has no room; -1: there is none.</returns>
    public int NextRefusing(int slot)
    {
        for (var word = slot / SlotsPerWord; word < _refusing.Length; word++)
        {
            var left = _refusing[word] & (word == slot / SlotsPerWord ? ulong.MaxValue << (slot % SlotsPerWord) : ulong.MaxValue);
            if (left != 0)
            {
                return (word * SlotsPerWord) + BitOperations.TrailingZeroCount(left);
            }
        }

        return -1;
    }

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
            Note(slot, value == MaxTree.None);
            tree[leaf] = value;
        }
    }

    public void Refresh(NodeState node)
    {
        var (slot, stands) = (node.Slot, _standing.Stands(node.Slot));
        _standingIn[Layout.CellOf[slot]] += (stands ? 1 : 0) - (_stood[slot] ? 1 : 0);
        _stood[slot] = stands;
        Refusals[slot] = null;
        this[slot] = Bound(node);
    }

    /// <returns>Points for all that is not about services, with so many tasks of the pass on the node already.</returns>
    public long Base(NodeState node, int added)
    {
        var points = _standing.PointsOf(node.Slot);
        if (_weights.Binpack > 0 || _weights.Emptiness > 0)
        {
            var binpack = BinpackScore.Of(node, _nanoCpus, _memoryBytes, added + 1);
            points += Points.Of(binpack, _weights.Binpack) + Points.Of(100 - binpack, _weights.Emptiness);
        }

        return points;
    }

    public long Bound(NodeState node) =>
        _standing.Stands(node.Slot) && Fits(node) ? Base(node, 0) : MaxTree.None;

    private void Note(int slot, bool refuses)
    {
        var (word, bit) = (slot / SlotsPerWord, 1UL << (slot % SlotsPerWord));
        if (((_refusing[word] & bit) != 0) != refuses)
        {
            _refusing[word] ^= bit;
            Refusing += refuses ? 1 : -1;
            _refusingIn[Layout.CellOf[slot]] += refuses ? 1 : -1;
        }
    }

    /// <summary>As <see cref="NodeFilters.Capacity"/> says, but without counting how often.</summary>
    private bool Fits(NodeState node) => _rare
        ? NodeFilters.Capacity.Room(_group, node) > 0
        : (node.FreeNanoCpus >= _nanoCpus || _nanoCpus <= 0) && (node.FreeMemoryBytes >= _memoryBytes || _memoryBytes <= 0);
}
