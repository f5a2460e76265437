using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>Two groups that say the same of the nodes themselves.</summary>
internal sealed class StandingComparer : IEqualityComparer<(TaskGroup Group, ScoreWeights Weights)>
{
    public static readonly StandingComparer Instance = new();

    public bool Equals((TaskGroup Group, ScoreWeights Weights) a, (TaskGroup Group, ScoreWeights Weights) b) =>
        a.Weights.Equals(b.Weights) && (ReferenceEquals(a.Group, b.Group) || Same(a.Group, b.Group));

    public int GetHashCode((TaskGroup Group, ScoreWeights Weights) key) =>
        HashCode.Combine(key.Group.Pool, key.Group.Image, key.Group.Constraints.Count, key.Group.Affinities.Count, key.Group.Tolerations.Count);

    public static bool Same<T>(IReadOnlyList<T> a, IReadOnlyList<T> b) => ReferenceEquals(a, b) || (a.Count == b.Count && (a.Count == 0 || a.SequenceEqual(b)));

    private static bool Same(TaskGroup a, TaskGroup b) =>
        a.Pool == b.Pool
        && a.Image == b.Image
        && Same(a.Constraints, b.Constraints)
        && Same(a.Platforms, b.Platforms)
        && Same(a.Tolerations, b.Tolerations)
        && Same(a.Volumes, b.Volumes)
        && Same(a.Affinities, b.Affinities);
}
