using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>Nodes by their values of some attributes. Those with the same values are one cell: what is counted by place counts alike for them.</summary>
internal sealed class Layout
{
    public Layout(IReadOnlyList<NodeAttribute> attributes, NodeState[] nodes)
    {
        Attributes = attributes;
        CellOf = new int[nodes.Length];
        LeafOf = new int[nodes.Length];
        var cells = new Dictionary<string, int>(StringComparer.Ordinal);
        var slots = new List<List<int>>();
        var values = new List<string?[]>();
        foreach (var node in nodes)
        {
            var here = attributes.Select(attribute => attribute.Of(node.Node)).ToArray();
            var key = string.Join('\u001f', here.Select(value => value ?? "\u001e"));
            if (!cells.TryGetValue(key, out var cell))
            {
                cells[key] = cell = cells.Count;
                slots.Add([]);
                values.Add(here);
            }

            CellOf[node.Slot] = cell;
            LeafOf[node.Slot] = slots[cell].Count;
            slots[cell].Add(node.Slot);
        }

        Slots = [.. slots.Select(list => list.ToArray())];
        Values = [.. values];
    }

    private readonly Dictionary<(int From, int To), int[]> _numbers = [];

    public IReadOnlyList<NodeAttribute> Attributes { get; }

    /// <summary>By slot of the node.</summary>
    public int[] CellOf { get; }

    /// <summary>By slot of the node: its place in the cell.</summary>
    public int[] LeafOf { get; }

    /// <summary>By cell.</summary>
    public int[][] Slots { get; }

    /// <summary>By cell, then attribute; null: the nodes have none.</summary>
    public string?[][] Values { get; }

    /// <returns>By cell: a number for each combination of the values of these attributes, from 0.</returns>
    public int[] NumberOf(int from, int to)
    {
        if (!_numbers.TryGetValue((from, to), out var numberOf))
        {
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            _numbers[(from, to)] = numberOf = new int[Values.Length];
            for (var cell = 0; cell < numberOf.Length; cell++)
            {
                var key = string.Join('\u001f', Values[cell][from..to].Select(value => value ?? "\u001e"));
                numberOf[cell] = numbers.TryGetValue(key, out var number) ? number : numbers[key] = numbers.Count;
            }
        }

        return numberOf;
    }

    /// <returns>The attributes that decide in which place a node is for this group, without those that the node alone tells.</returns>
    public static IReadOnlyList<NodeAttribute> AttributesOf(TaskGroup group)
    {
        if (group.Preferences.Count == 0 && group.ServiceAffinities.Count == 0)
        {
            return [];
        }

        return
        [
            .. group.Preferences.Select(preference => preference.Attribute),
            .. group.ServiceAffinities.Where(affinity => !affinity.IsOfNode(group)).Select(affinity => affinity.Topology),
        ];
    }
}
