namespace Orchestrator.Contracts;

/// <summary>What a task may use at most, and what is set aside for it.</summary>
public sealed record ResourceSpec
{
    public double? LimitCpus { get; init; }
    public long? LimitMemoryBytes { get; init; }
    public long? LimitPids { get; init; }
    public double? ReservedCpus { get; init; }
    public long? ReservedMemoryBytes { get; init; }

    /// <summary>By kind, how many of what nodes say they have.</summary>
    public IReadOnlyDictionary<string, long> Generic { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<DeviceSpec> Devices { get; init; } = [];
}
