namespace Orchestrator.Contracts;

/// <summary>An agent, at its start and on each reconnect: I am here, and this is what I have.</summary>
[MessageName("orchestrator.reports.node-joined")]
public sealed record NodeJoined
{
    public required string NodeId { get; init; }
    public required string ClusterId { get; init; }
    public required long AgentEpoch { get; init; }

    /// <summary>The machine's host name.</summary>
    public required string Name { get; init; }

    public NodeRole Role { get; init; }
    public required NodeCapacity Capacity { get; init; }
    public required NodePlatform Platform { get; init; }
    public required EngineInfo Engine { get; init; }
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public string? Address { get; init; }

    /// <summary>Null: <c>default</c>.</summary>
    public string? Pool { get; init; }

    public IReadOnlyList<NodeTaint> Taints { get; init; } = [];

    /// <summary>Names of images on the node, the newest first, at most 200.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Null: it keeps out of the cluster's network.</summary>
    public NodeNetworkReport? Network { get; init; }

    /// <summary>Null: it is short of nothing, or cannot tell.</summary>
    public NodePressure? Pressure { get; init; }

    /// <summary>Ports that other programs have, by number, at most 200.</summary>
    public IReadOnlyList<HeldPort> HeldPorts { get; init; } = [];

    public required DateTimeOffset OccurredAt { get; init; }
}
