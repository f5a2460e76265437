namespace Orchestrator.Contracts;

/// <summary>An agent, at its start, on reconnect and when told: send me the full set of my tasks. Answered by <see cref="UpdateNodeTasks"/> with <c>AsOf</c>.</summary>
[MessageName("orchestrator.reports.node-sync")]
public sealed record NodeSync
{
    public required string NodeId { get; init; }
    public required long AgentEpoch { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
