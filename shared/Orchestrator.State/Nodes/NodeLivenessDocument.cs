using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>What heartbeats tell of a node.</summary>
public sealed record NodeLivenessDocument
{
    /// <summary>The node id.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with each change of <see cref="Liveness"/>.</summary>
    public long Version { get; init; }

    /// <summary>Of the lease it was written under.</summary>
    public long Epoch { get; init; }

    public required NodeLiveness Liveness { get; init; }

    /// <summary>It would be lost, but many vanished with it: it is not declared so before this time, unless people confirm it.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>Why it is so, for people; null for a node that was never anything but ready.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When to expect a heartbeat after the last; 0 before the first.</summary>
    public double IntervalSeconds { get; init; }

    /// <summary>When <see cref="Liveness"/> was found.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    public NodeUsage? Usage { get; init; }

    /// <summary>What applications last posted as their load, by task.</summary>
    public IReadOnlyDictionary<string, double> Loads { get; init; } = new Dictionary<string, double>();

    /// <summary>Verdicts not known to be published, oldest first.</summary>
    public IReadOnlyList<NodeVerdict> Outbox { get; init; } = [];
}
