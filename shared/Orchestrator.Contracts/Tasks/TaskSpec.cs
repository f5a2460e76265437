namespace Orchestrator.Contracts;

/// <summary>All an agent must know to run a task.</summary>
public sealed record TaskSpec
{
    public required string App { get; init; }
    public required string Service { get; init; }
    public required string ServiceId { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public required ContainerSpec Container { get; init; }
    public IReadOnlyList<PortSpec> Ports { get; init; } = [];
    public NetworkSpec? Network { get; init; }
    public ResourceSpec Resources { get; init; } = new();
    /// <summary>What follows when the container ends and no scheduler answers; null: nothing.</summary>
    public RestartPolicy? Restart { get; init; }

    /// <summary>Of a task that a node started by itself: the ended one that it follows.</summary>
    public string? Replaces { get; init; }

    public int Priority { get; init; } = 50;
    public ProbesSpec? Probes { get; init; }
    public DisconnectSpec? Disconnect { get; init; }
}
