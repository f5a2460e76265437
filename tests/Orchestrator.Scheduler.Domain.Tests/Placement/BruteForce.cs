using Orchestrator.Scheduler.Domain.Placement.Constraints;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

/// <summary>Places the plain way: for each task every node is looked at, everything is counted anew.</summary>
internal sealed class BruteForce(TaskGroup group, Cluster start, ScoreWeights weights)
{
    private readonly Cluster _cluster = start.Copy();

    public Cluster After => _cluster;

    public List<string> Place(int count)
    {
        var placed = new List<string>();
        while (placed.Count < count)
        {
            var best = _cluster.Nodes
                .Where(node => NodeFilters.All.Reasons(group, node).Count == 0 && !IsBlocked(node))
                .OrderByDescending(Score).ThenBy(node => node.Node.Id, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best is null)
            {
                break;
            }

            placed.Add(best.Node.Id);
            _cluster.Add(best.Node.Id, $"placed-{placed.Count}", group.Claim);
        }

        return placed;
    }

    public bool IsBlocked(NodeState node) => IsSkewed(node) || group.ServiceAffinities.Any(affinity => affinity.Hard && Breaks(affinity, node));

    private bool IsSkewed(NodeState node)
    {
        for (var level = 0; level < group.Preferences.Count; level++)
        {
            var preference = group.Preferences[level];
            if (!preference.Hard)
            {
                continue;
            }

            if (preference.Attribute.Of(node.Node) is null)
            {
                return true;
            }

            var eligible = Siblings(node, level).Where(other => NodeFilters.Standing.Reasons(group, other).Count == 0 && preference.Attribute.Of(other.Node) is not null).ToList();
            if (eligible.Count > 0 && Count(node, level) + 1 - eligible.Min(other => Count(other, level)) > preference.MaxSkew)
            {
                return true;
            }
        }

        return false;
    }

    private bool Breaks(ServiceAffinity affinity, NodeState node)
    {
        var there = CountAt(affinity, node);
        if (affinity.Weight < 0)
        {
            return there > 0;
        }

        var first = affinity.Service == group.Claim.Service && _cluster.Nodes.All(other => other.CountOf(affinity.Service) == 0) && affinity.Topology.Of(node.Node) is not null;
        return there == 0 && !first;
    }

    private int CountAt(ServiceAffinity affinity, NodeState node) => affinity.Topology.Of(node.Node) is { } place
        ? _cluster.Nodes.Where(other => affinity.Topology.Of(other.Node) == place).Sum(other => other.CountOf(affinity.Service))
        : 0;

    private IEnumerable<NodeState> Siblings(NodeState node, int level) =>
        _cluster.Nodes.Where(other => group.Preferences.Take(level).All(preference => preference.Attribute.Of(other.Node) == preference.Attribute.Of(node.Node)));

    private int Count(NodeState node, int level) => Siblings(node, level + 1).Sum(other => other.CountOf(group.Claim.Service));

    private long Score(NodeState node)
    {
        var own = node.CountOf(group.Claim.Service);
        var binpack = BinpackScore.Of(node, group.Claim.Demand);
        var points = Points(binpack, weights.Binpack) + Points(100 - binpack, weights.Emptiness)
            + (weights.Spread > 0 ? Points(SpreadScore.Of(own), weights.Spread) : 0)
            + (weights.Random > 0 ? Points(RandomScore.Of(group.Seed, node.Node.Id, own), weights.Random) : 0)
            + Points(TaintScore.Of(group, node.Node), weights.Taints)
            + (group.Affinities.Count > 0 ? Points(AttributeAffinityScore.Of(group, node.Node), weights.Affinity) : 0)
            + (group.RecentFailures.Count > 0 ? Points(FailureScore.Of(group.RecentFailures.GetValueOrDefault(node.Node.Id)), weights.Failures) : 0)
            + (group.Image is not null ? Points(ImageScore.Of(group, node.Node), weights.Image) : 0);
        for (var level = 0; level < group.Preferences.Count; level++)
        {
            var fewest = Siblings(node, level).Where(other => NodeFilters.All.Reasons(group, other).Count == 0).Min(other => Count(other, level));
            var score = PreferenceScore.Of(Count(node, level), Math.Min(fewest, Count(node, level)), group.Preferences[level].MaxSkew);
            points += Points(score * PreferenceScore.LevelWeight(level, group.Preferences.Count), weights.Preferences);
        }

        var soft = group.ServiceAffinities.Where(affinity => !affinity.Hard).ToList();
        var all = soft.Sum(affinity => Math.Abs(affinity.Weight));
        return points + (soft.Count > 0 ? Points(ServiceAffinityScore.Neutral, weights.ServiceAffinity) : 0)
            + soft.Sum(affinity => Points(ServiceAffinityScore.Of(affinity.Weight, all, CountAt(affinity, node)), weights.ServiceAffinity));
    }

    private static long Points(double score, double weight) => (long)Math.Round(score * weight * 1e6);
}
