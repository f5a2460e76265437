namespace Orchestrator.Contracts;

/// <summary>What one service of an application shall be.</summary>
public sealed record ServiceSpec
{
    /// <summary>Unique in the application: lower-case letters, digits, '-' and '_', at most 63.</summary>
    public string Name { get; init; } = "";

    public ServiceMode Mode { get; init; } = ServiceMode.Replicated;
    public int Replicas { get; init; } = 1;

    /// <summary>Labels of the service (Compose <c>deploy.labels</c>); those of its containers stand in <see cref="ContainerSpec.Labels"/>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public ContainerSpec Container { get; init; } = new();
    public IReadOnlyList<PortSpec> Ports { get; init; } = [];

    /// <summary>Null: the application's network, one address, and no policy.</summary>
    public NetworkSpec? Network { get; init; }

    public ResourceSpec Resources { get; init; } = new();
    public ProbesSpec? Probes { get; init; }
    public RestartPolicy Restart { get; init; } = new();
    public UpdateConfig? Update { get; init; }

    /// <summary>As <see cref="Update"/>, for going back to an earlier revision.</summary>
    public UpdateConfig? Rollback { get; init; }

    public RolloutSpec? Rollout { get; init; }
    public DisconnectSpec? Disconnect { get; init; }
    public PlacementSpec? Placement { get; init; }

    /// <summary>0–100; more is more important.</summary>
    public int Priority { get; init; } = 50;

    /// <summary>What its tasks may do to others when they find no room.</summary>
    public PreemptionMode Preemption { get; init; }

    /// <summary>Services of the same application whose first start this one waits for.</summary>
    public IReadOnlyList<Dependency> DependsOn { get; init; } = [];
}
