namespace Orchestrator.Contracts;

/// <summary>The scheduler: all tasks of the service are of the revision, ready and watched. At least once.</summary>
[MessageName("orchestrator.events.rollout-completed")]
public sealed record RolloutCompleted : OrchestratorEvent
{
    public override string Type => "rollout-completed";
    public required string RolloutId { get; init; }
    public int? FromRevision { get; init; }
    public required int ToRevision { get; init; }
}
