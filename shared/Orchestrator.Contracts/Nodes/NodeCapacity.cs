namespace Orchestrator.Contracts;

public sealed record NodeCapacity
{
    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }

    /// <summary>Of the file system that holds the engine's data.</summary>
    public long DiskBytes { get; init; }
}
