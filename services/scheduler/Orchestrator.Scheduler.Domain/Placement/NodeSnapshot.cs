using System.Collections.ObjectModel;
using System.Collections.Frozen;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A node as placement sees it, without what is placed on it.</summary>
public sealed record NodeSnapshot
{
    public required string Id { get; init; }

    /// <summary>The host name.</summary>
    public required string Name { get; init; }

    /// <summary>Null: takes new tasks. Else why not, to be read after its name.</summary>
    public string? Refuses { get; init; }

    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }

    /// <summary>Null: not counted.</summary>
    public long? Pids { get; init; }

    /// <summary>Kept back for the machine itself.</summary>
    public double SystemCpus { get; init; }
    public long SystemMemoryBytes { get; init; }

    /// <summary>How many CPUs may be reserved for each that is left; 1 promises each once.</summary>
    public double OvercommitCpus { get; init; } = 1;
    public double OvercommitMemory { get; init; } = 1;

    /// <summary>By kind, how many there are: generic resources, and devices (<c>gpu</c> → 4).</summary>
    public IReadOnlyDictionary<string, long> Generic { get; init; } = ReadOnlyDictionary<string, long>.Empty;
    public IReadOnlySet<string> DeviceIds { get; init; } = FrozenSet<string>.Empty;

    public NodeRole Role { get; init; }
    public Platform Platform { get; init; } = new("linux", "amd64");
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;
    public IReadOnlyDictionary<string, string> EngineLabels { get; init; } = ReadOnlyDictionary<string, string>.Empty;
    public string Pool { get; init; } = NodePool.Default;
    public IReadOnlyList<Taint> Taints { get; init; } = [];

    /// <summary>Names of images the node has.</summary>
    public IReadOnlySet<string> Images { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Ports that programs have which are not the cluster's.</summary>
    public IReadOnlyList<HeldPort> HeldPorts { get; init; } = [];

    /// <summary>Can be reserved: (capacity − system) × overcommit.</summary>
    public long AllocatableNanoCpus => (long)Math.Round(Math.Max(0, Cpus - SystemCpus) * OvercommitCpus * Demand.NanoCpusPerCpu);
    public long AllocatableMemoryBytes => (long)(Math.Max(0, MemoryBytes - SystemMemoryBytes) * OvercommitMemory);
}
