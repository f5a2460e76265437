namespace Orchestrator.Contracts;

/// <summary>The sweep to the rollout: its time has come. Told again until it has stored another.</summary>
[MessageName("orchestrator.signals.rollout-due")]
public sealed record RolloutDue
{
    public required string RolloutId { get; init; }
}
