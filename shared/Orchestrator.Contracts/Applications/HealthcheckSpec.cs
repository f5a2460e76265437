namespace Orchestrator.Contracts;

/// <summary>Docker's health check. Absent values are the image's, then Docker's.</summary>
public sealed record HealthcheckSpec
{
    /// <summary>The image's check is switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary><c>CMD</c> or <c>CMD-SHELL</c> and its arguments; null: the image's.</summary>
    public IReadOnlyList<string>? Test { get; init; }

    public double? IntervalSeconds { get; init; }
    public double? TimeoutSeconds { get; init; }
    public int? Retries { get; init; }
    public double? StartPeriodSeconds { get; init; }
    public double? StartIntervalSeconds { get; init; }
}
