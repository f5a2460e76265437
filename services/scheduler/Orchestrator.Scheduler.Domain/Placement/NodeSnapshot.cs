namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A node as placement sees it.</summary>
public sealed record NodeSnapshot
{
    public required string Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Null: takes new tasks. Else why not.</summary>
    public string? Refuses { get; init; }

    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }
    public double ReservedCpus { get; init; }
    public long ReservedMemoryBytes { get; init; }

    public double FreeCpus => Cpus - ReservedCpus;

    public long FreeMemoryBytes => MemoryBytes - ReservedMemoryBytes;
}
