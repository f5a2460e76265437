using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>A running container of this cluster that no stored task knows.</summary>
public sealed record Orphan
{
    /// <summary>As its label says.</summary>
    public required string TaskId { get; init; }

    public required ContainerIdentity Container { get; init; }
    public string? ContainerId { get; init; }
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Of the agent that told of it.</summary>
    public long AgentEpoch { get; init; }

    /// <summary>Why it was not taken over.</summary>
    public required string Reason { get; init; }
}
