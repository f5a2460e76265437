using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>What one task needs set aside.</summary>
public readonly record struct Demand(double Cpus, long MemoryBytes)
{
    /// <summary>The reservation; what has none counts its limit.</summary>
    public static Demand Of(ResourceSpec resources) => new(
        resources.ReservedCpus ?? resources.LimitCpus ?? 0,
        resources.ReservedMemoryBytes ?? resources.LimitMemoryBytes ?? 0);
}
