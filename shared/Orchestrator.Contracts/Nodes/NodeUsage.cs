namespace Orchestrator.Contracts;

/// <summary>What the containers of a node use.</summary>
public sealed record NodeUsage
{
    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }
}
