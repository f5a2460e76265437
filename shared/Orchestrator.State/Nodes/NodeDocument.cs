using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>A machine of the cluster, and what is set aside on it.</summary>
public sealed record NodeDocument
{
    /// <summary>The node id.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with every write, reservations included.</summary>
    public long Version { get; init; }

    public required string Name { get; init; }
    public NodeRole Role { get; init; }
    public NodeAvailability Availability { get; init; }

    /// <summary>The command that removes it; from then on it takes no task, and it goes when nothing is set aside on it any more.</summary>
    public string? RemovedBy { get; init; }

    /// <summary>The health monitor's verdict as the scheduler has taken it over.</summary>
    public NodeLiveness Liveness { get; init; }

    public required NodeCapacity Capacity { get; init; }
    public required NodePlatform Platform { get; init; }
    public required EngineInfo Engine { get; init; }

    /// <summary>Labels the agent was started with.</summary>
    public IReadOnlyDictionary<string, string> AgentLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels set by people; they win.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? Address { get; init; }
    public long AgentEpoch { get; init; }

    /// <summary>By task id. Changed only by <see cref="INodeStore.TryReserveAsync"/> and <see cref="INodeStore.ReleaseAsync"/>.</summary>
    public IReadOnlyDictionary<string, Reservation> Reservations { get; init; } = new Dictionary<string, Reservation>();

    public required DateTimeOffset JoinedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
