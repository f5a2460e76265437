using Orchestrator.Contracts;
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
    private readonly Dictionary<(TaskGroup Group, ScoreWeights Weights), StandingProfile> _standing = new(StandingComparer.Instance);
    private readonly List<Layout> _layouts = [];

    // What changed, oldest first; the first of them is the change number _forgotten.
    private readonly List<NodeState> _changes = [];
    private long _forgotten;
    private long _read;
    private long _uses;

    private int MostKept => Math.Max(MinRankings, MaxRankedNodes / Math.Max(1, cluster.Nodes.Count));

    public GroupRanking Of(TaskGroup group, ScoreWeights weights)
    {
        var nodes = cluster.Sorted();
        if (_rankings.TryGetValue((group, weights), out var ranking) && ranking.Position >= _forgotten)
        {
            for (var i = (int)(ranking.Position - _forgotten); i < _changes.Count; i++)
            {
                if (_changes[i].LastChange == _forgotten + i)
                {
                    ranking.Refresh(_changes[i]);
                }
            }
        }
        else
        {
            MakeRoom();
            ranking = new GroupRanking(group, weights, StandingOf(group, weights, nodes), LayoutOf(Layout.AttributesOf(group), nodes), nodes);
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

        node.LastChange = _forgotten + _changes.Count;
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
            foreach (var profile in _standing.Values)
            {
                profile.Look(node);
            }

            RoomChanged(node);
        }
    }

    public void Clear()
    {
        _rankings.Clear();
        _standing.Clear();
        _layouts.Clear();
        _forgotten += _changes.Count;
        _changes.Clear();
    }

    private StandingProfile StandingOf(TaskGroup group, ScoreWeights weights, NodeState[] nodes)
    {
        if (!_standing.TryGetValue((group, weights), out var profile))
        {
            if (_standing.Count >= MostKept)
            {
                _standing.Clear();
            }

            _standing[(group, weights)] = profile = new StandingProfile(group, weights, nodes);
        }

        return profile;
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
        if (_rankings.Count >= MostKept)
        {
            _rankings.Remove(_rankings.MinBy(pair => pair.Value.LastUse).Key);
        }
    }
}
