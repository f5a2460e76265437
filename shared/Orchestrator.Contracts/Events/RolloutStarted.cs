namespace Orchestrator.Contracts;

/// <summary>The scheduler: the service's tasks go over to another revision.</summary>
[MessageName("orchestrator.events.rollout-started")]
public sealed record RolloutStarted : OrchestratorEvent
{
    public override string Type => "rollout-started";
    public required string RolloutId { get; init; }

    /// <summary>Null for the first revision.</summary>
    public int? FromRevision { get; init; }

    public required int ToRevision { get; init; }
}
