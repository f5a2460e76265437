namespace Orchestrator.Contracts;

/// <summary>An agent: what became of these tasks. No event: it is not in the history.</summary>
[MessageName("orchestrator.reports.tasks-reported")]
public sealed record TasksReported
{
    public required string NodeId { get; init; }
    public required IReadOnlyList<TaskReport> Tasks { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
