using Orchestrator.Scheduler.Domain.Placement.Constraints;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>How groups rank the nodes of one cluster, brought up to date when asked for.</summary>
internal sealed class RankingCache(Cluster cluster)
{
    private const int MinRankings = 16;

    // What all rankings together may hold.
    private const int MaxRankedNodes = 1 << 20;

    private readonly Dictionary<(TaskGroup Group, ScoreWeights Weights), GroupRanking> _rankings = new(new RankingComparer());
    private readonly List<Layout> _layouts = [];

    // What changed, oldest first; the first of them is the change number _forgotten.
    private readonly List<NodeState> _changes = [];
    private long _forgotten;
    private long _read;
    private long _uses;

    public GroupRanking Of(TaskGroup group, ScoreWeights weights)
    {
        var nodes = cluster.Sorted();
        if (_rankings.TryGetValue((group, weights), out var ranking) && ranking.Position >= _forgotten)
        {
            for (var i = (int)(ranking.Position - _forgotten); i < _changes.Count; i++)
            {
                ranking.Refresh(_changes[i]);
            }
        }
        else
        {
            ranking = new GroupRanking(group, weights, LayoutOf(Layout.AttributesOf(group), nodes), nodes);
            MakeRoom();
            _rankings[(group, weights)] = ranking;
        }

        ranking.Position = _read = _forgotten + _changes.Count;
        ranking.LastUse = ++_uses;
        return ranking;
    }

    public void RoomChanged(NodeState node)
    {
        var noted = _changes.Count > 0 && ReferenceEquals(_changes[^1], node) && _read < _forgotten + _changes.Count;
        if (_rankings.Count == 0 || noted)
        {
            return;
        }

        _changes.Add(node);
        if (_changes.Count > Math.Max(1024, 2 * cluster.Nodes.Count))
        {
            // Whoever is further behind is built anew for less.
            var half = _changes.Count / 2;
            _changes.RemoveRange(0, half);
            _forgotten += half;
        }
    }

    public void NodeChanged(NodeState node, NodeSnapshot before)
    {
        if (_layouts.Exists(layout => layout.Attributes.Any(attribute => attribute.Of(before) != attribute.Of(node.Node))))
        {
            Clear();
        }
        else
        {
            RoomChanged(node);
        }
    }

    public void Clear()
    {
        _rankings.Clear();
        _layouts.Clear();
        _forgotten += _changes.Count;
        _changes.Clear();
    }

    private Layout LayoutOf(IReadOnlyList<NodeAttribute> attributes, NodeState[] nodes)
    {
        var layout = _layouts.Find(known => known.Attributes.SequenceEqual(attributes));
        if (layout is null)
        {
            _layouts.Add(layout = new Layout(attributes, nodes));
        }

        return layout;
    }

    private void MakeRoom()
    {
        if (_rankings.Count >= Math.Max(MinRankings, MaxRankedNodes / Math.Max(1, cluster.Nodes.Count)))
        {
            _rankings.Remove(_rankings.MinBy(pair => pair.Value.LastUse).Key);
        }
    }
}
