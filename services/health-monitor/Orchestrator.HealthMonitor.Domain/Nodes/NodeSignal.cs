using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>What is known of a node at a time.</summary>
public readonly record struct NodeSignal
{
    /// <summary>The verdict before; null for a node that has none.</summary>
    public NodeLiveness? Known { get; init; }

    /// <summary>How long that verdict stands.</summary>
    public TimeSpan KnownFor { get; init; }

    /// <summary>Time since its last heartbeat; null when this instance has heard none.</summary>
    public TimeSpan? SilentFor { get; init; }

    /// <summary>When it promised the next.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>By how much the latest of its recent heartbeats came late.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>The broker said that its connection closed, and nothing came since.</summary>
    public bool Disconnected { get; init; }
}
