using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Rollouts;

/// <summary>A rollout as people see it.</summary>
internal sealed record RolloutRow
{
    public required string Id { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }
    public required string State { get; init; }
    public required int? From { get; init; }
    public required int To { get; init; }

    /// <summary>Step k of n, what comes next, what it waits for, and when time alone moves it.</summary>
    public required int Step { get; init; }

    public required int Steps { get; init; }
    public required string? Next { get; init; }
    public required string? Blocker { get; init; }
    public required DateTimeOffset? Deadline { get; init; }
    public required string? Message { get; init; }
    public required int Replicas { get; init; }
    public required int Ready { get; init; }

    /// <summary>Slots with a new task that is ready for long enough.</summary>
    public required int Done { get; init; }

    public required int Old { get; init; }
    public required int Failed { get; init; }
    public required int? StableRevision { get; init; }
    public required bool IsRollback { get; init; }
    public required string? RequestedBy { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }

    public static RolloutRow Of(RolloutDocument rollout)
    {
        var counts = rollout.Counts ?? new RolloutCounts();
        return new RolloutRow
        {
            Id = rollout.Id,
            App = rollout.App,
            Service = rollout.Service,
            State = rollout.State.ToString(),
            From = rollout.FromRevision,
            To = rollout.ToRevision,
            Step = rollout.Step,
            Steps = rollout.Steps,
            Next = rollout.Next,
            Blocker = rollout.Blocker,
            Deadline = rollout.Deadline,
            Message = rollout.Message,
            Replicas = counts.Replicas,
            Ready = counts.Ready,
            Done = counts.Done,
            Old = counts.Old,
            Failed = counts.Failed,
            StableRevision = rollout.StableRevision,
            IsRollback = rollout.IsRollback,
            RequestedBy = rollout.RequestedBy,
            StartedAt = rollout.StartedAt,
            EndedAt = rollout.EndedAt,
        };
    }
}
