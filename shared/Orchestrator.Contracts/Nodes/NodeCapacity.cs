namespace Orchestrator.Contracts;

public sealed record NodeCapacity
{
    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }

    /// <summary>Of the file system that holds the engine's data.</summary>
    public long DiskBytes { get; init; }

    /// <summary>How many processes there may be; null: not counted.</summary>
    public long? Pids { get; init; }

    /// <summary>By kind, how many there are: generic resources, and devices (<c>gpu</c> → 4).</summary>
    public IReadOnlyDictionary<string, long> Generic { get; init; } = new Dictionary<string, long>();

    /// <summary>Devices that can be asked for by id.</summary>
    public IReadOnlyList<string> DeviceIds { get; init; } = [];

    /// <summary>Kept back for the machine itself.</summary>
    public double SystemCpus { get; init; }

    public long SystemMemoryBytes { get; init; }

    /// <summary>How many CPUs may be reserved for each that is left; 1 promises each once.</summary>
    public double OvercommitCpus { get; init; } = 1;

    public double OvercommitMemory { get; init; } = 1;
}
