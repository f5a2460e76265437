using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>What to do about a service now.</summary>
public sealed record ReconcilePlan
{
    public IReadOnlyList<NewTask> Create { get; init; } = [];

    /// <summary>Tasks whose desired state becomes Stop.</summary>
    public IReadOnlyList<StopTask> Stop { get; init; } = [];

    /// <summary>Tasks of nodes that came back which take their slot again.</summary>
    public IReadOnlyList<string> Adopt { get; init; } = [];

    /// <summary>Finished tasks that need not be kept.</summary>
    public IReadOnlyList<string> Forget { get; init; } = [];

    /// <summary>When something will be due though nothing changes.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }

    /// <summary>What the rollout is told. Converged only when nothing is left to do.</summary>
    public required RolloutCounts Counts { get; init; }

    /// <summary>A removed service of which nothing is left.</summary>
    public bool Gone { get; init; }
}
