namespace Orchestrator.Contracts;

/// <summary>What a node shall do about one task.</summary>
public sealed record NodeTask
{
    public required string TaskId { get; init; }

    /// <summary>Grows with each change of what is wanted; an agent drops a version older than it has.</summary>
    public required long Version { get; init; }

    public required DesiredState Desired { get; init; }

    /// <summary>False with desired Run: out of routing, but running on (drain).</summary>
    public bool Routed { get; init; } = true;

    /// <summary>With desired Stop: other nodes may begin connections to it until <see cref="FinishDrain"/>, or for 2 s.</summary>
    public bool AwaitsDrain { get; init; }

    /// <summary>The state as stored: a task that ran already is not started again when its container is gone.</summary>
    public TaskState Observed { get; init; } = TaskState.Pending;

    /// <summary>As stored: an agent that takes over a container holds it for ready until its probes say otherwise.</summary>
    public bool Ready { get; init; }

    /// <summary>Present with desired Run.</summary>
    public TaskSpec? Spec { get; init; }
}
