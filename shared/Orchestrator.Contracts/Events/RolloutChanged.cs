namespace Orchestrator.Contracts;

/// <summary>The scheduler: a rollout is in another state. Its completion and its failure have events of their own.</summary>
[MessageName("orchestrator.events.rollout-changed")]
public sealed record RolloutChanged : OrchestratorEvent
{
    public override string Type => "rollout-changed";
    public required string RolloutId { get; init; }
    public int? FromRevision { get; init; }
    public required int ToRevision { get; init; }
    public required RolloutState State { get; init; }

    /// <summary>The reason.</summary>
    public string? Message { get; init; }

    public RolloutCounts? Counts { get; init; }
}
