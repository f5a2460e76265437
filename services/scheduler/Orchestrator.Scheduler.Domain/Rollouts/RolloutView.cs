using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>A rollout as decisions see it.</summary>
public sealed record RolloutView
{
    public required RolloutState State { get; init; }
    public RolloutPolicy Policy { get; init; } = new();

    /// <summary>The service's first revision: there is nothing to replace and nothing to keep.</summary>
    public bool IsFirst { get; init; }

    /// <summary>It goes back to an earlier revision: it is not rolled back itself.</summary>
    public bool IsRollback { get; init; }

    /// <summary>There is a revision to go back to.</summary>
    public bool HasStable { get; init; }

    /// <summary>How often it was promoted.</summary>
    public int Stage { get; init; }

    public RolloutCounts? Counts { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When a further task became ready, or it was moved on by hand.</summary>
    public DateTimeOffset ProgressAt { get; init; }

    /// <summary>Only while monitoring.</summary>
    public DateTimeOffset? MonitorUntil { get; init; }

    /// <summary>Failures before this do not count.</summary>
    public DateTimeOffset CountFrom { get; init; }
}
