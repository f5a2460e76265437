namespace Orchestrator.State;

/// <summary>What spoke for and against the nodes when a task was placed, or waits. Bounded.</summary>
public sealed record TaskExplanation
{
    public required DateTimeOffset At { get; init; }
    public required int NodesLookedAt { get; init; }
    public IReadOnlyList<RefusingNode> Refusals { get; init; } = [];

    /// <summary>How many nodes more refused.</summary>
    public int FurtherRefusals { get; init; }

    /// <summary>Best first; the first was taken.</summary>
    public IReadOnlyList<ScoredNode> Best { get; init; } = [];

    /// <summary>What would help a task that waits, the least first. Each was tried.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>What led to it beside the scores: a move, tasks that were stopped for it.</summary>
    public string? Note { get; init; }
}
