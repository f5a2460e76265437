using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>The way of a service's tasks to one revision: its phase, and how much may change at a time.</summary>
public sealed record RolloutDocument
{
    /// <summary>Derived from service id and revision.</summary>
    public required string Id { get; init; }

    public long Version { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }
    public required string ServiceId { get; init; }
    public int? FromRevision { get; init; }
    public required int ToRevision { get; init; }

    /// <summary>The newest revision that completed before this one: it is kept up, and gone back to.</summary>
    public int? StableRevision { get; init; }

    /// <summary>It goes back to an earlier revision.</summary>
    public bool IsRollback { get; init; }

    /// <summary>The rollout that failed and waits for this one.</summary>
    public string? RollbackOf { get; init; }

    public required RolloutState State { get; init; }
    public RolloutPolicy Policy { get; init; } = new();

    /// <summary>How often it was promoted.</summary>
    public int Stage { get; init; }

    /// <summary>How often it began to go back.</summary>
    public int Rollbacks { get; init; }

    /// <summary>As last seen by the reconciler, at <see cref="ObservedAt"/>.</summary>
    public RolloutCounts? Counts { get; init; }

    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>When a further task became ready, or it was moved on by hand.</summary>
    public DateTimeOffset? ProgressAt { get; init; }

    public DateTimeOffset? MonitorUntil { get; init; }

    /// <summary>Failures before this do not count.</summary>
    public DateTimeOffset? CountFrom { get; init; }

    /// <summary>What it is at: step k of n, what comes next, and what it waits for.</summary>
    public int Step { get; init; }

    public int Steps { get; init; }
    public string? Next { get; init; }
    public string? Blocker { get; init; }

    /// <summary>When time alone will move it.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The reason of its state.</summary>
    public string? Message { get; init; }

    /// <summary>Commands of people that it obeyed, the newest last.</summary>
    public IReadOnlyList<string> Obeyed { get; init; } = [];

    /// <summary>Of the event that tells its end, so that a repeated telling has the same id.</summary>
    public string? EndEventId { get; init; }

    /// <summary>When to look at it again though nothing is heard.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public string? RequestedBy { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}
