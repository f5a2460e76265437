namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>What spoke for and against the nodes, for one task or for those that wait.</summary>
public sealed record Explanation
{
    public required int NodesLookedAt { get; init; }

    /// <summary>By node id, at most as many as the options say.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>How many nodes more refused.</summary>
    public int FurtherRefusals { get; init; }

    /// <summary>At most five, best first; the first was taken.</summary>
    public IReadOnlyList<NodeScore> Best { get; init; } = [];

    /// <summary>Only for tasks that wait: what would help, the least first.</summary>
    public IReadOnlyList<LeastChange> Changes { get; init; } = [];
}
