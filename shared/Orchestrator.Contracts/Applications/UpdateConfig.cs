namespace Orchestrator.Contracts;

/// <summary>How a new revision replaces an old one (Compose). Absent values are the scheduler's defaults.</summary>
public sealed record UpdateConfig
{
    /// <summary>Tasks replaced at a time; 0: all.</summary>
    public int? Parallelism { get; init; }

    public double? DelaySeconds { get; init; }
    public UpdateOrder? Order { get; init; }
    public FailureAction? FailureAction { get; init; }
    public double? MonitorSeconds { get; init; }

    /// <summary>0–1.</summary>
    public double? MaxFailureRatio { get; init; }
}
