using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>A container of ours as the engine has it.</summary>
internal sealed record FoundContainer
{
    public required string Id { get; init; }
    public required string TaskId { get; init; }
    public required ContainerIdentity Identity { get; init; }
    public required ContainerPhase Phase { get; init; }
    public HealthState Health { get; init; }
    public int ExitCode { get; init; }
    public bool OutOfMemory { get; init; }

    /// <summary>Its address in its application's network.</summary>
    public string? Address { get; init; }

    /// <summary>Of the network it is in; null: it is in none.</summary>
    public EngineNetwork? Network { get; init; }

    /// <summary>Its address is one of the cluster's network.</summary>
    public bool InCluster { get; init; }

    /// <summary>Ports bound by the engine.</summary>
    public IReadOnlyList<TaskPort> HostPorts { get; init; } = [];

    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? Error { get; init; }
}
