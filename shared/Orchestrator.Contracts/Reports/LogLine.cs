namespace Orchestrator.Contracts;

public sealed record LogLine
{
    public required string TaskId { get; init; }

    /// <summary>True for standard error.</summary>
    public bool Stderr { get; init; }

    public required DateTimeOffset At { get; init; }
    public required string Text { get; init; }
}
