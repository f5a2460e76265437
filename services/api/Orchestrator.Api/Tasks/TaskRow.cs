using Orchestrator.Contracts;

namespace Orchestrator.Api.Tasks;

/// <summary>A task as people see it.</summary>
internal sealed record TaskRow
{
    public required string Id { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }
    public required int Slot { get; init; }

    /// <summary>The node's name.</summary>
    public required string? Node { get; init; }

    public required TaskState State { get; init; }
    public required DesiredState Desired { get; init; }
    public required bool Ready { get; init; }
    public required HealthState Health { get; init; }

    /// <summary>What its application posted as its load, within the last minute.</summary>
    public required double? Load { get; init; }

    public required string Image { get; init; }
    public required int Revision { get; init; }
    public required string? ContainerId { get; init; }
    public required IReadOnlyList<TaskPort> Ports { get; init; }
    public required string? Message { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? RunningAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }
    public required string? NodeId { get; init; }
    public required int? ExitCode { get; init; }
    public required bool OutOfMemory { get; init; }
    public required int Attempt { get; init; }

    /// <summary>Time the engine took to make and start the container.</summary>
    public required double? EngineSeconds { get; init; }

    public required string ServiceId { get; init; }

    /// <summary>Its node was declared lost: the state is the last observed, and the task counts no more.</summary>
    public required bool NodeLost { get; init; }
}
