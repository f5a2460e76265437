namespace Orchestrator.Contracts;

/// <summary>The API to one node's own queue: read the last lines of these tasks. Answered by <see cref="TaskLogsRead"/>.</summary>
[MessageName("orchestrator.instructions.read-task-logs")]
public sealed record ReadTaskLogs
{
    public required string RequestId { get; init; }
    public required string NodeId { get; init; }
    public required IReadOnlyList<string> TaskIds { get; init; }

    /// <summary>Lines per task; null: all that the engine has.</summary>
    public int? Tail { get; init; }
}
