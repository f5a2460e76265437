namespace Orchestrator.Contracts;

/// <summary>A running task as others reach it.</summary>
public sealed record TaskEndpoint
{
    public required string TaskId { get; init; }
    public required int Slot { get; init; }
    public required string NodeId { get; init; }
    public required string Address { get; init; }

    /// <summary>Ready and routed: it takes new connections.</summary>
    public bool Takes { get; init; }
}
