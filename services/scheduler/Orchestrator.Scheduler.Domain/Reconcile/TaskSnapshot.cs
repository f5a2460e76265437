using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>A task as the reconciler sees it.</summary>
public sealed record TaskSnapshot
{
    public required string Id { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public required string TemplateHash { get; init; }
    public required int Attempt { get; init; }
    public required TaskState State { get; init; }
    public DesiredState Desired { get; init; } = DesiredState.Run;
    public bool Ready { get; init; }

    /// <summary>Only while <see cref="Ready"/>, or when it ended so.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>Its health check says so.</summary>
    public bool Unhealthy { get; init; }

    public bool NodeLost { get; init; }

    /// <summary>With <see cref="NodeLost"/>: its node has told of it since.</summary>
    public bool NodeReturned { get; init; }

    /// <summary>Why it may not stay where it is: it goes when another has taken its place.</summary>
    public string? LeaveReason { get; init; }

    /// <summary>With <see cref="LeaveReason"/>: it goes now.</summary>
    public bool LeavesNow { get; init; }

    /// <summary>With <see cref="LeaveReason"/>: the node its successor goes to; null: any.</summary>
    public string? MovesTo { get; init; }

    /// <summary>The task that had ended when its node started this one by itself.</summary>
    public string? Replaces { get; init; }

    public string? Message { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RunningAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>It is to run, and it does or may yet.</summary>
    public bool IsLive => Desired == DesiredState.Run && !State.IsFinal() && !NodeLost;

    /// <summary>It may still have a container on a node that answers.</summary>
    public bool IsAround => !State.IsFinal() && !NodeLost;
}
