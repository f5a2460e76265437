namespace Orchestrator.Contracts;

/// <summary>The reconciler to the rollout: what it sees. Told again by the next pass while the rollout does not know it.</summary>
[MessageName("orchestrator.signals.rollout-observed")]
public sealed record RolloutObserved
{
    public required string RolloutId { get; init; }
    public required RolloutCounts Counts { get; init; }
    public required DateTimeOffset ObservedAt { get; init; }
}
