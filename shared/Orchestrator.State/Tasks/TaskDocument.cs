using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>One attempt to run one container in one slot of one service.</summary>
public sealed record TaskDocument
{
    /// <summary>Derived from service id, slot, revision and attempt.</summary>
    public required string Id { get; init; }

    public long Version { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }
    public required string ServiceId { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public required string TemplateHash { get; init; }

    /// <summary>1, 2, 3… within the slot.</summary>
    public required int Attempt { get; init; }

    /// <summary>The task that had ended when its node started this one by itself.</summary>
    public string? Replaces { get; init; }

    public required string Image { get; init; }
    public string? NodeId { get; init; }
    public TaskState State { get; init; } = TaskState.Pending;
    public DesiredState Desired { get; init; } = DesiredState.Run;
    public bool Routed { get; init; } = true;
    public bool Ready { get; init; }

    /// <summary>Since when it is ready without a break; of an ended task: was.</summary>
    public DateTimeOffset? ReadySince { get; init; }

    public HealthState Health { get; init; }
    public string? Message { get; init; }
    public int? ExitCode { get; init; }
    public bool OutOfMemory { get; init; }
    /// <summary>Of a container that ended by itself: its last lines of output.</summary>
    public IReadOnlyList<string> LastLines { get; init; } = [];

    public string? ContainerId { get; init; }

    /// <summary>Of its container in the cluster's network.</summary>
    public string? Address { get; init; }

    public IReadOnlyList<TaskPort> Ports { get; init; } = [];
    public double? EngineSeconds { get; init; }

    /// <summary>Grows with each change of what the node shall do.</summary>
    public long InstructionVersion { get; init; }

    /// <summary>The instruction the node has applied.</summary>
    public long AppliedVersion { get; init; }

    /// <summary>When to send the instruction again unless it is applied; null when it is.</summary>
    public DateTimeOffset? InstructDueAt { get; init; }

    public long AgentEpoch { get; init; }
    public long AgentSeq { get; init; }

    /// <summary>Its node was declared lost; the last observed state is kept.</summary>
    public bool NodeLost { get; init; }

    /// <summary>With <see cref="NodeLost"/>: its node answers again and has told of it; whether it stays is not decided yet.</summary>
    public bool NodeReturned { get; init; }

    /// <summary>The only node for it: of a global service's task its own, of a moved one its target. Null: any.</summary>
    public string? BoundNodeId { get; init; }

    /// <summary>Why it is where it is. Only of the first tasks of those placed together.</summary>
    public TaskExplanation? Explanation { get; init; }

    /// <summary>Of a task that waits until others are gone.</summary>
    public TaskNomination? Nomination { get; init; }

    /// <summary>The more important task that it was stopped for, and that gets what is set aside for it.</summary>
    public string? PreemptedFor { get; init; }

    /// <summary>It is to be moved, to level the nodes.</summary>
    public TaskMove? Move { get; init; }

    /// <summary>Set in the write that changed something the reconciler has not seen.</summary>
    public DateTimeOffset? DirtySince { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RunningAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
