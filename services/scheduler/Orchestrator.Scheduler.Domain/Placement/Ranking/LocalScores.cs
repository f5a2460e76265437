using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>The points of a node that depend on which services have tasks on it, or had.</summary>
internal sealed class LocalScores
{
    private readonly TaskGroup _group;
    private readonly ScoreWeights _weights;
    private readonly List<ServiceAffinity> _affinities = [];
    private readonly int _allWeights;
    private readonly bool _failures;

    public LocalScores(TaskGroup group, ScoreWeights weights)
    {
        (_group, _weights) = (group, weights);
        _failures = group.RecentFailures.Count > 0;
        _allWeights = ServiceAffinityScore.AllWeights(group);
        foreach (var affinity in group.ServiceAffinities)
        {
            if (!affinity.Hard && affinity.IsOfNode(group))
            {
                _affinities.Add(affinity);
            }
        }

        Most = Points.Of(100, weights.Spread) + Points.Of(100, weights.Random) + (_failures ? Points.Of(100, weights.Failures) : 0)
            + (_allWeights > 0 ? Points.Of(ServiceAffinityScore.Neutral, weights.ServiceAffinity) : 0);
    }

    /// <summary>No node has more, but those of <see cref="Attracting"/>.</summary>
    public long Most { get; }

    /// <summary>Services whose nodes have points more than others.</summary>
    public IEnumerable<string> Attracting => _affinities.Where(affinity => affinity.Weight > 0).Select(affinity => affinity.Service);

    /// <param name="added">Tasks of the group given to the node in this pass.</param>
    public long Of(NodeState node, int added)
    {
        var own = node.CountOf(_group.Claim.Service) + added;
        var points = 0L;
        if (_weights.Spread > 0)
        {
            points += Points.Of(SpreadScore.Of(own), _weights.Spread);
        }

        if (_weights.Random > 0)
        {
            points += Points.Of(RandomScore.Of(_group.Seed, node.Node.Id, own), _weights.Random);
        }

        if (_failures)
        {
            points += Points.Of(FailureScore.Of(_group.RecentFailures.GetValueOrDefault(node.Node.Id)), _weights.Failures);
        }

        if (_allWeights > 0)
        {
            points += Points.Of(ServiceAffinityScore.Neutral, _weights.ServiceAffinity);
            foreach (var affinity in _affinities)
            {
                points += Points.Of(AffinityOf(affinity, node, added), _weights.ServiceAffinity);
            }
        }

        return points;
    }

    /// <returns>The score of all soft affinities between services; null without.</returns>
    public double? AffinityOf(NodeState node, int added, double byPlace) =>
        _allWeights > 0 ? ServiceAffinityScore.Neutral + byPlace + _affinities.Sum(affinity => AffinityOf(affinity, node, added)) : null;

    private double AffinityOf(ServiceAffinity affinity, NodeState node, int added) => ServiceAffinityScore.Of(
        affinity.Weight, _allWeights, node.CountOf(affinity.Service) + (affinity.Service == _group.Claim.Service ? added : 0));
}
