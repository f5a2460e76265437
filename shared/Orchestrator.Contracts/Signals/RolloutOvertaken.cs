namespace Orchestrator.Contracts;

/// <summary>The scheduler to the rollout: its revision is not wanted any more.</summary>
[MessageName("orchestrator.signals.rollout-overtaken")]
public sealed record RolloutOvertaken
{
    public required string RolloutId { get; init; }

    /// <summary>The newer revision; null: the service is removed.</summary>
    public int? ByRevision { get; init; }
}
