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

    /// <summary>With availability Drain: what is still there then is stopped.</summary>
    public DateTimeOffset? DrainUntil { get; init; }

    /// <summary>Starts that failed here lately.</summary>
    public IReadOnlyList<StartFailure> StartFailures { get; init; } = [];

    /// <summary>It gets no new tasks until then: too many starts failed.</summary>
    public DateTimeOffset? QuarantinedUntil { get; init; }

    /// <summary>Containers of this cluster that no stored task knows. They run on until somebody decides.</summary>
    public IReadOnlyList<Orphan> Orphans { get; init; } = [];

    /// <summary>What it is short of, as last told.</summary>
    public NodePressure? Pressure { get; init; }

    /// <summary>Ports that programs have which are not the cluster's, as last told.</summary>
    public IReadOnlyList<HeldPort> HeldPorts { get; init; } = [];

    /// <summary>When people last said that it is gone for good.</summary>
    public DateTimeOffset? LostConfirmedAt { get; init; }

    /// <summary>The health monitor's verdict as the scheduler has taken it over.</summary>
    public NodeLiveness Liveness { get; init; }

    public required NodeCapacity Capacity { get; init; }
    public required NodePlatform Platform { get; init; }
    public required EngineInfo Engine { get; init; }

    /// <summary>Labels the agent was started with.</summary>
    public IReadOnlyDictionary<string, string> AgentLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels set by people; they win.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Set by people; null: the agent's.</summary>
    public string? Pool { get; init; }

    public string? AgentPool { get; init; }

    /// <summary>Taints the agent was started with, each with the time at which it was first told.</summary>
    public IReadOnlyList<NodeTaint> AgentTaints { get; init; } = [];

    /// <summary>Taints set by people.</summary>
    public IReadOnlyList<NodeTaint> Taints { get; init; } = [];

    /// <summary>Names of images it has, as last told.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Something changed that decides which tasks may be here, and not all services have looked at it yet.</summary>
    public DateTimeOffset? DirtySince { get; init; }

    public string? Address { get; init; }
    public long AgentEpoch { get; init; }

    /// <summary>Null: it keeps out of the cluster's network.</summary>
    public NodeNetworkDocument? Network { get; init; }

    /// <summary>By task id. Changed only by <see cref="INodeStore.TryReserveAsync"/> and <see cref="INodeStore.ReleaseAsync"/>.</summary>
    public IReadOnlyDictionary<string, Reservation> Reservations { get; init; } = new Dictionary<string, Reservation>();

    public required DateTimeOffset JoinedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Both agent's and people's; people win.</summary>
    public IReadOnlyDictionary<string, string> AllLabels() =>
        AgentLabels.Concat(Labels).GroupBy(label => label.Key).ToDictionary(label => label.Key, label => label.Last().Value);

    /// <summary>Both agent's and people's; people win.</summary>
    public IReadOnlyList<NodeTaint> AllTaints() =>
        [.. Taints.Concat(AgentTaints).DistinctBy(taint => (taint.Key, taint.Effect))];
}
