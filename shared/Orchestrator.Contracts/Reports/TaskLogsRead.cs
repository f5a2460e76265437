namespace Orchestrator.Contracts;

/// <summary>An agent to the API instance that asked: the lines of these tasks. Several may come; the last has <see cref="Done"/>.</summary>
[MessageName("orchestrator.reports.task-logs-read")]
public sealed record TaskLogsRead
{
    public required string RequestId { get; init; }
    public required string NodeId { get; init; }
    public required IReadOnlyList<LogLine> Lines { get; init; }
    public required bool Done { get; init; }

    /// <summary>Why nothing could be read.</summary>
    public string? Error { get; init; }
}
