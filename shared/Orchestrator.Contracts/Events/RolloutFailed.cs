namespace Orchestrator.Contracts;

/// <summary>The scheduler: tasks of the revision fail, and nothing is gone back to; old tasks that still run stay. At least once.</summary>
[MessageName("orchestrator.events.rollout-failed")]
public sealed record RolloutFailed : OrchestratorEvent
{
    public override string Type => "rollout-failed";
    public required string RolloutId { get; init; }
    public int? FromRevision { get; init; }
    public required int ToRevision { get; init; }
    public required string Reason { get; init; }
}
