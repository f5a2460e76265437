using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>Two groups that rank nodes alike, as far as their services do not matter.</summary>
internal sealed class RankingComparer : IEqualityComparer<(TaskGroup Group, ScoreWeights Weights)>
{
    public bool Equals((TaskGroup Group, ScoreWeights Weights) a, (TaskGroup Group, ScoreWeights Weights) b) =>
        a.Weights.Equals(b.Weights) && (ReferenceEquals(a.Group, b.Group) || Equal(a.Group, b.Group));

    public int GetHashCode((TaskGroup Group, ScoreWeights Weights) key)
    {
        var (demand, group) = (key.Group.Claim.Demand, key.Group);
        return HashCode.Combine(
            demand.Cpus, demand.MemoryBytes, group.Pool, group.Image, group.Constraints.Count, group.Claim.Ports.Count, group.Preferences.Count, group.ServiceAffinities.Count);
    }

    private static bool Equal(TaskGroup a, TaskGroup b) =>
        Equal(a.Claim.Demand, b.Claim.Demand)
        && a.Pool == b.Pool
        && a.Image == b.Image
        && Equal(a.Constraints, b.Constraints)
        && Equal(a.Claim.Ports, b.Claim.Ports)
        && Equal(a.Platforms, b.Platforms)
        && Equal(a.Tolerations, b.Tolerations)
        && Equal(a.Volumes, b.Volumes)
        && Equal(a.Affinities, b.Affinities)
        && Layout.AttributesOf(a).SequenceEqual(Layout.AttributesOf(b));

    private static bool Equal(Demand a, Demand b) =>
        a.Cpus.Equals(b.Cpus)
        && a.MemoryBytes == b.MemoryBytes
        && a.Pids == b.Pids
        && a.Generic.Count == b.Generic.Count
        && (a.Generic.Count == 0 || a.Generic.All(pair => b.Generic.TryGetValue(pair.Key, out var amount) && amount == pair.Value))
        && Equal(a.DeviceIds, b.DeviceIds);

    private static bool Equal<T>(IReadOnlyList<T> a, IReadOnlyList<T> b) => ReferenceEquals(a, b) || (a.Count == b.Count && (a.Count == 0 || a.SequenceEqual(b)));
}
