namespace Orchestrator.Contracts;

/// <summary>How a rollout goes about: what the spec says, the rest filled in. Amounts are numbers of replicas (<c>2</c>) or shares (<c>25%</c>).</summary>
public sealed record RolloutPolicy
{
    /// <summary>Slots on their way at a time; 0: all.</summary>
    public string Parallelism { get; init; } = "25%";

    /// <summary>From one slot done to the next begun.</summary>
    public double DelaySeconds { get; init; }

    public UpdateOrder Order { get; init; } = UpdateOrder.StartFirst;
    public FailureAction FailureAction { get; init; } = FailureAction.Rollback;

    /// <summary>A task that fails within this after it began to run counts; at the end all are watched for as long.</summary>
    public double MonitorSeconds { get; init; } = 5;

    /// <summary>Failed tasks to replicas, 0–1; more is a failure of the rollout.</summary>
    public double MaxFailureRatio { get; init; }

    /// <summary>So many new tasks run beside the old ones until they are promoted; null: none.</summary>
    public string? Canary { get; init; }

    /// <summary>So many slots are replaced, then a promotion is waited for; in growing order.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>A canary or step that is done promotes itself.</summary>
    public bool AutoPromote { get; init; }

    /// <summary>A new task counts when it has been ready for so long.</summary>
    public double MinHealthySeconds { get; init; } = 10;

    /// <summary>A new task that is not ready after this counts as failed.</summary>
    public double HealthyDeadlineSeconds { get; init; } = 300;

    /// <summary>The longest time without a further task becoming ready; 0: no end.</summary>
    public double ProgressDeadlineSeconds { get; init; } = 600;

    /// <summary>Replicas that are ready at all times; null: all with start-first, all but those on their way with stop-first.</summary>
    public string? MinAvailable { get; init; }

    /// <summary>Tasks beyond the replicas; null: as many as are on their way with start-first, none with stop-first.</summary>
    public string? MaxSurge { get; init; }
}
