namespace Orchestrator.Contracts;

/// <summary>The rollout to itself, published after the event that tells its end: that one is out.</summary>
[MessageName("orchestrator.signals.rollout-told")]
public sealed record RolloutTold
{
    public required string RolloutId { get; init; }
}
