namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>What counts for a task that states neither a reservation nor a limit.</summary>
public sealed record DemandDefaults
{
    public const double DefaultCpus = 0.01;
    public const long DefaultMemoryBytes = 16L << 20;

    public static readonly DemandDefaults Standard = new();

    public double Cpus { get; init; } = DefaultCpus;
    public long MemoryBytes { get; init; } = DefaultMemoryBytes;
}
