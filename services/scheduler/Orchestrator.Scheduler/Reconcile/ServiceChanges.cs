using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What a pass wants to store.</summary>
internal sealed record ServiceChanges
{
    public required IReadOnlyList<TaskDocument> Created { get; init; }
    public required IReadOnlyList<TaskDocument> Replaced { get; init; }

    /// <summary>Why tasks wait, for people.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public Explanation? Waiting { get; init; }

    /// <summary>When they may find a node though nothing changes.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Tasks of other services that are stopped for a task of this one.</summary>
    public IReadOnlyList<TaskDocument> Victims { get; init; } = [];
}
