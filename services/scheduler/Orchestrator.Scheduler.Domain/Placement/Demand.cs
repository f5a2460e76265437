using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>What one task needs set aside.</summary>
public readonly record struct Demand(double Cpus, long MemoryBytes)
{
    // What people write in decimals (0.1 three times in 0.3) must fit in binary too.
    private const double CpuTolerance = 1e-9;

    public bool FitsInto(double cpus, long memoryBytes) => Cpus <= cpus + CpuTolerance && MemoryBytes <= memoryBytes;

    /// <summary>The reservation; what has none counts its limit.</summary>
    public static Demand Of(ResourceSpec resources) => new(
        resources.ReservedCpus ?? resources.LimitCpus ?? 0,
        resources.ReservedMemoryBytes ?? resources.LimitMemoryBytes ?? 0);
}
