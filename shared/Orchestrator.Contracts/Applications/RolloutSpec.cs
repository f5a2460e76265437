namespace Orchestrator.Contracts;

/// <summary>How a new revision replaces an old one, beyond Compose (<c>x-orchestrator.rollout</c>). Amounts are <c>2</c> or <c>25%</c>; absent values are the scheduler's defaults.</summary>
public sealed record RolloutSpec
{
    public string? Canary { get; init; }
    public IReadOnlyList<string> Steps { get; init; } = [];
    public bool? AutoPromote { get; init; }
    public double? MinHealthySeconds { get; init; }
    public double? HealthyDeadlineSeconds { get; init; }
    public double? ProgressDeadlineSeconds { get; init; }
    public string? MinAvailable { get; init; }
    public string? MaxSurge { get; init; }
}
