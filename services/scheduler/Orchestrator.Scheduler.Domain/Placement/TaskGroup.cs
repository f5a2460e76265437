using Orchestrator.Contracts;
using System.Collections.ObjectModel;
using Orchestrator.Scheduler.Domain.Placement.Constraints;
using Orchestrator.Scheduler.Domain.Placement.Preemption;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Equal tasks of one service: what each needs, where it may be, where it is best.</summary>
public sealed record TaskGroup
{
    public required Claim Claim { get; init; }

    public string Pool { get; init; } = NodePool.Default;

    /// <summary>Any of these; empty: all.</summary>
    public IReadOnlyList<Platform> Platforms { get; init; } = [];

    public IReadOnlyList<Constraint> Constraints { get; init; } = [];
    public IReadOnlyList<Toleration> Tolerations { get; init; } = [];
    public IReadOnlyList<VolumeHome> Volumes { get; init; } = [];
    public int? MaxReplicasPerNode { get; init; }

    /// <summary>Most important first.</summary>
    public IReadOnlyList<SpreadPreference> Preferences { get; init; } = [];

    public IReadOnlyList<AttributeAffinity> Affinities { get; init; } = [];

    /// <summary>Its own, and the hard ones that other services have against it.</summary>
    public IReadOnlyList<ServiceAffinity> ServiceAffinities { get; init; } = [];

    /// <summary>Tasks of the service that failed lately, by node id.</summary>
    public IReadOnlyDictionary<string, int> RecentFailures { get; init; } = ReadOnlyDictionary<string, int>.Empty;

    /// <summary>Null: it does not matter which node has it.</summary>
    public string? Image { get; init; }

    /// <summary>Null: the cluster's.</summary>
    public PlacementStrategy? Strategy { get; init; }

    public PreemptionMode Preemption { get; init; }

    /// <summary>Only for <see cref="PlacementStrategy.Random"/>.</summary>
    public int Seed { get; init; }
}
