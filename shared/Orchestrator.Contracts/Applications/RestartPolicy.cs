namespace Orchestrator.Contracts;

/// <summary>When a finished task is followed by another in its slot.</summary>
public sealed record RestartPolicy
{
    public RestartCondition Condition { get; init; } = RestartCondition.Any;

    /// <summary>The wait before the second replacement; it doubles with each failure. The first is at once.</summary>
    public double DelaySeconds { get; init; } = 5;

    /// <summary>Null: no end.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Attempts older than this are not counted; null: all are.</summary>
    public double? WindowSeconds { get; init; }
}
