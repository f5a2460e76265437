using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>Two groups that rank nodes alike, as far as their services do not matter.</summary>
internal sealed class RankingComparer : IEqualityComparer<(TaskGroup Group, ScoreWeights Weights)>
{
    public bool Equals((TaskGroup Group, ScoreWeights Weights) a, (TaskGroup Group, ScoreWeights Weights) b) =>
        ReferenceEquals(a.Group, b.Group)
            ? a.Weights.Equals(b.Weights)
            : Same(a.Group.Claim.Demand, b.Group.Claim.Demand)
                && StandingComparer.Same(a.Group.Claim.Ports, b.Group.Claim.Ports)
                && StandingComparer.Instance.Equals(a, b)
                && Layout.AttributesOf(a.Group).SequenceEqual(Layout.AttributesOf(b.Group));

    public int GetHashCode((TaskGroup Group, ScoreWeights Weights) key)
    {
        var (demand, group) = (key.Group.Claim.Demand, key.Group);
        return HashCode.Combine(
            demand.Cpus, demand.MemoryBytes, group.Pool, group.Image, group.Constraints.Count, group.Claim.Ports.Count, group.Preferences.Count, group.ServiceAffinities.Count);
    }

    private static bool Same(Demand a, Demand b) =>
        a.Cpus.Equals(b.Cpus)
        && a.MemoryBytes == b.MemoryBytes
        && a.Pids == b.Pids
        && a.Generic.Count == b.Generic.Count
        && (a.Generic.Count == 0 || a.Generic.All(pair => b.Generic.TryGetValue(pair.Key, out var amount) && amount == pair.Value))
        && StandingComparer.Same(a.DeviceIds, b.DeviceIds);
}
