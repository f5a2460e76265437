using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>What is set aside on a node for one task. What is absent is none, or was written by an earlier version.</summary>
public sealed record Reservation
{
    public required double Cpus { get; init; }
    public required long MemoryBytes { get; init; }
    public required DateTimeOffset ReservedAt { get; init; }
    public string? ServiceId { get; init; }
    public int Priority { get; init; } = 50;

    /// <summary>The task may be stopped for a more important one.</summary>
    public bool MayBePreempted { get; init; } = true;

    /// <summary>The task that gets this when the task that has it has gone.</summary>
    public string? PreemptedFor { get; init; }

    public long Pids { get; init; }
    public IReadOnlyDictionary<string, long>? Generic { get; init; }
    public IReadOnlyList<string>? DeviceIds { get; init; }
    public IReadOnlyList<ReservedPort>? Ports { get; init; }
}
