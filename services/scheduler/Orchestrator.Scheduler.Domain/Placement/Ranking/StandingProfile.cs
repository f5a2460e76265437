using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>What a group says of the nodes themselves, whatever is placed on them: whether they are in question, and points.</summary>
internal sealed class StandingProfile
{
    private readonly TaskGroup _group;
    private readonly ScoreWeights _weights;
    private readonly NodeSnapshot[] _seen;
    private readonly bool[] _stands;
    private readonly long[] _points;
    private readonly bool[] _tainted;

    public StandingProfile(TaskGroup group, ScoreWeights weights, NodeState[] nodes)
    {
        (_group, _weights) = (group, weights);
        _seen = new NodeSnapshot[nodes.Length];
        _stands = new bool[nodes.Length];
        _points = new long[nodes.Length];
        _tainted = new bool[nodes.Length];
        foreach (var node in nodes)
        {
            Look(node);
        }
    }

    /// <returns>The node passes the rules that do not change with what is placed.</returns>
    public bool Stands(int slot) => _stands[slot];

    /// <summary>How many nodes have lost points for their taints.</summary>
    public int Tainted { get; private set; }

    public long PointsOf(int slot) => _points[slot];

    /// <summary>The node may have changed.</summary>
    public void Look(NodeState node)
    {
        var slot = node.Slot;
        if (ReferenceEquals(_seen[slot], node.Node))
        {
            return;
        }

        _seen[slot] = node.Node;
        _stands[slot] = NodeFilters.Standing.Room(_group, node) > 0;
        var taints = Points.Of(TaintScore.Of(_group, node.Node) - 100, _weights.Taints);
        Tainted += (taints < 0 ? 1 : 0) - (_tainted[slot] ? 1 : 0);
        _tainted[slot] = taints < 0;
        _points[slot] = taints
            + (_group.Affinities.Count > 0 ? Points.Of(AttributeAffinityScore.Of(_group, node.Node), _weights.Affinity) : 0)
            + (_group.Image is not null ? Points.Of(ImageScore.Of(_group, node.Node), _weights.Image) : 0);
    }
}
