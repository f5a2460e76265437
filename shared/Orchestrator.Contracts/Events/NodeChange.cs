namespace Orchestrator.Contracts;

public sealed record NodeChange
{
    public required string NodeId { get; init; }
    public required string Name { get; init; }
    public required NodeAvailability Availability { get; init; }
    public NodeLiveness Liveness { get; init; }
    public required long Version { get; init; }
}
