namespace Orchestrator.Contracts;

/// <summary>On which nodes tasks may run, and on which they had better.</summary>
public sealed record PlacementSpec
{
    /// <summary>All must hold: <c>node.labels.zone==b</c>; see <see cref="ConstraintParser"/>.</summary>
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>Node labels to spread over, most important first, where <see cref="Preferences"/> is empty. Earlier versions wrote this.</summary>
    public IReadOnlyList<string> SpreadPreferences { get; init; } = [];

    /// <summary>Most important first: each spreads within the one before it.</summary>
    public IReadOnlyList<PreferenceSpec> Preferences { get; init; } = [];

    public int? MaxReplicasPerNode { get; init; }

    /// <summary>Nodes of this pool and no others; null: <c>default</c>; <c>all</c>: any.</summary>
    public string? Pool { get; init; }

    /// <summary>What the image runs on; empty: anything.</summary>
    public IReadOnlyList<NodePlatform> Platforms { get; init; } = [];

    /// <summary>Null: the cluster's.</summary>
    public PlacementStrategy? Strategy { get; init; }

    public IReadOnlyList<AffinitySpec> Affinities { get; init; } = [];
    public IReadOnlyList<ServiceAffinitySpec> ServiceAffinities { get; init; } = [];
    public IReadOnlyList<TolerationSpec> Tolerations { get; init; } = [];
}
