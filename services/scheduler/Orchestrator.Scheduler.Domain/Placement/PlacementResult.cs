using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.Scheduler.Domain.Placement.Preemption;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Where the tasks of one group go.</summary>
public sealed record PlacementResult
{
    /// <summary>One node for each task that found one, in the order of the tasks.</summary>
    public required IReadOnlyList<string> NodeIds { get; init; }

    /// <summary>Nodes for further tasks, once others have left.</summary>
    public IReadOnlyList<Nomination> Nominations { get; init; } = [];

    /// <summary>Of the first tasks, in their order.</summary>
    public IReadOnlyList<Explanation> Explanations { get; init; } = [];

    /// <summary>Why the others found none; null when all did.</summary>
    public Explanation? Waiting { get; init; }

    /// <summary>The same in lines for people; empty when all found one.</summary>
    public IReadOnlyList<string> Reasons => Waiting switch
    {
        null => [],
        { NodesLookedAt: 0 } => ["there is no node; start a node agent"],
        { FurtherRefusals: > 0 } waiting => [.. waiting.Refusals.Select(refusal => refusal.ToString()), $"{waiting.FurtherRefusals} more nodes refuse"],
        var waiting => [.. waiting.Refusals.Select(refusal => refusal.ToString())],
    };
}
