namespace Orchestrator.Contracts;

/// <summary>A rollout that goes back, to the one that failed: how it ended.</summary>
[MessageName("orchestrator.signals.rollback-ended")]
public sealed record RollbackEnded
{
    public required string RolloutId { get; init; }
    public required RolloutState State { get; init; }
    public string? Message { get; init; }
}
