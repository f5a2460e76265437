using System.Collections.ObjectModel;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>What one task needs set aside.</summary>
public sealed record Demand(double Cpus, long MemoryBytes, long Pids = 0)
{
    /// <summary>CPUs are counted in these, as the engine does: what people write in decimals (0.1 three times in 0.3) fits exactly.</summary>
    public const double NanoCpusPerCpu = 1e9;

    /// <summary>As an amount of <see cref="Generic"/>: all that the node has, which must be free, at least one.</summary>
    public const long AllThereAre = DeviceSpec.AllThereAre;

    /// <summary>By kind: generic resources and devices (<c>gpu</c> → 2). Those named in <see cref="DeviceIds"/> count here too.</summary>
    public IReadOnlyDictionary<string, long> Generic { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>These devices and no others.</summary>
    public IReadOnlyList<string> DeviceIds { get; init; } = [];

    public long NanoCpus => (long)Math.Round(Cpus * NanoCpusPerCpu);

    public bool FitsInto(double cpus, long memoryBytes) => NanoCpus <= (long)Math.Round(cpus * NanoCpusPerCpu) && MemoryBytes <= memoryBytes;

    /// <summary>The reservation; what has none counts its limit; what has neither, the default.</summary>
    public static Demand Of(ResourceSpec resources, DemandDefaults defaults)
    {
        var demand = new Demand(
            resources.ReservedCpus ?? resources.LimitCpus ?? defaults.Cpus,
            resources.ReservedMemoryBytes ?? resources.LimitMemoryBytes ?? defaults.MemoryBytes,
            resources.LimitPids ?? 0);
        return resources.Generic.Count + resources.Devices.Count == 0 ? demand : demand with
        {
            Generic = resources.Generic.Concat(resources.Devices.Select(device => KeyValuePair.Create(device.Kind, (long)device.Count)))
                .GroupBy(pair => pair.Key, StringComparer.Ordinal)
                .ToDictionary(kind => kind.Key, kind => kind.Sum(pair => pair.Value), StringComparer.Ordinal),
            DeviceIds = [.. resources.Devices.SelectMany(device => device.Ids).Distinct()],
        };
    }
}
