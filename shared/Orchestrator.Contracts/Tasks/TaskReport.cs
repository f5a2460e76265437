namespace Orchestrator.Contracts;

/// <summary>What a node saw of one task. Stored only if newer by (<see cref="AgentEpoch"/>, <see cref="Seq"/>).</summary>
public sealed record TaskReport
{
    public required string TaskId { get; init; }

    /// <summary>The newest <see cref="NodeTask.Version"/> applied; 0 for a container the agent holds no instruction for.</summary>
    public required long Version { get; init; }

    /// <summary>Grows with each start of the agent (milliseconds since 1970 at its start).</summary>
    public required long AgentEpoch { get; init; }

    /// <summary>Grows with each report entry of the agent's epoch.</summary>
    public required long Seq { get; init; }

    public required TaskState State { get; init; }

    /// <summary>Running, and the health check passed or absent.</summary>
    public bool Ready { get; init; }

    public HealthState Health { get; init; }

    /// <summary>Why it is as it is, for people: one line.</summary>
    public string? Message { get; init; }

    public int? ExitCode { get; init; }
    public bool OutOfMemory { get; init; }
    public string? ContainerId { get; init; }

    /// <summary>Of its container in the cluster's network; null: it has none there.</summary>
    public string? Address { get; init; }

    public IReadOnlyList<TaskPort> Ports { get; init; } = [];
    public DateTimeOffset? RunningAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Time spent inside the engine's create and start of this container.</summary>
    public double? EngineSeconds { get; init; }

    /// <summary>Of a container that ended by itself: its last lines of output, at most 20.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    /// <summary>Of a task that the node started by itself, while no scheduler answered: the ended one that it follows.</summary>
    public string? Replaces { get; init; }

    /// <summary>Only for a container the agent holds no instruction for: what its labels say.</summary>
    public ContainerIdentity? Unknown { get; init; }
}
