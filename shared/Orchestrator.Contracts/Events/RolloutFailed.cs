namespace Orchestrator.Contracts;

/// <summary>The scheduler: tasks of the revision fail again and again; old tasks that still run stay. Attempts go on.</summary>
[MessageName("orchestrator.events.rollout-failed")]
public sealed record RolloutFailed : OrchestratorEvent
{
    public override string Type => "rollout-failed";
    public required string RolloutId { get; init; }
    public int? FromRevision { get; init; }
    public required int ToRevision { get; init; }
    public required string Reason { get; init; }
}
