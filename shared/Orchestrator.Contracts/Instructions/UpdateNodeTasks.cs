namespace Orchestrator.Contracts;

/// <summary>The scheduler to one node's own queue: this is wanted of these tasks. Order does not matter.</summary>
[MessageName("orchestrator.instructions.update-node-tasks")]
public sealed record UpdateNodeTasks
{
    public required string NodeId { get; init; }
    public required IReadOnlyList<NodeTask> Tasks { get; init; }

    /// <summary>Present when <see cref="Tasks"/> is the full set of the node's tasks that are not final, as stored then; the answer to <see cref="NodeSync"/>.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>From now on the node need not beat more often than this; grows with the cluster. Null: nothing new.</summary>
    public double? HeartbeatSeconds { get; init; }
}
