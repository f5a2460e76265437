namespace Orchestrator.Contracts;

/// <summary>The scheduler to the rollout: a person wants this. The rollout answers the command.</summary>
[MessageName("orchestrator.signals.rollout-steered")]
public sealed record RolloutSteered
{
    public required string RolloutId { get; init; }
    public required RolloutAction Action { get; init; }
    public required string CommandId { get; init; }
    public string? RequestedBy { get; init; }
    public required DateTimeOffset AskedAt { get; init; }
}
