namespace Orchestrator.Contracts;

/// <summary>What a task may use at most, and what is set aside for it.</summary>
public sealed record ResourceSpec
{
    public double? LimitCpus { get; init; }
    public long? LimitMemoryBytes { get; init; }
    public long? LimitPids { get; init; }
    public double? ReservedCpus { get; init; }
    public long? ReservedMemoryBytes { get; init; }
}
