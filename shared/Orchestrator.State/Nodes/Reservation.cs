namespace Orchestrator.State;

/// <summary>What is set aside on a node for one task.</summary>
public sealed record Reservation
{
    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }
    public required DateTimeOffset ReservedAt { get; init; }
}
