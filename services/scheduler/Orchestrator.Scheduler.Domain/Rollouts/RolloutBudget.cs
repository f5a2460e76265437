namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>How much the reconciler may change of a service's tasks now.</summary>
public sealed record RolloutBudget
{
    /// <summary>Nothing is replaced, empty slots are filled.</summary>
    public static RolloutBudget Idle { get; } = new();

    /// <summary>Slots that may be on their way to the revision at a time.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>Slots that may have a task of the revision.</summary>
    public int New { get; init; } = int.MaxValue;

    /// <summary>The old task of a slot stays though the new one is done.</summary>
    public bool KeepOld { get; init; }

    /// <summary>Live tasks beyond the replicas.</summary>
    public int Surge { get; init; } = int.MaxValue;

    /// <summary>Replicas that need not be ready.</summary>
    public int Unavailable { get; init; } = int.MaxValue;

    /// <summary>Tasks of the revision that may fail; with more it is as if paused, until the rollout has decided.</summary>
    public int MaxFailures { get; init; } = int.MaxValue;

    /// <summary>No slot begins, and no failed one is tried again.</summary>
    public bool Paused { get; init; }

    /// <summary>The old task of a slot must have ended before the new one starts.</summary>
    public bool StopFirst { get; init; }

    public TimeSpan MinHealthy { get; init; }
    public TimeSpan Delay { get; init; }
    public TimeSpan HealthyDeadline { get; init; } = TimeSpan.MaxValue;
    public TimeSpan Monitor { get; init; }

    /// <summary>Failures before this do not count.</summary>
    public DateTimeOffset CountFrom { get; init; }
}
