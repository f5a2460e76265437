namespace Orchestrator.Contracts;

/// <summary>A task as it is after a change.</summary>
public sealed record TaskChange
{
    public required string TaskId { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }
    public required int Slot { get; init; }
    public required int Revision { get; init; }
    public string? NodeId { get; init; }
    public required TaskState State { get; init; }
    public required DesiredState Desired { get; init; }
    public required bool Ready { get; init; }

    /// <summary>Its node was declared lost; the state is the last observed.</summary>
    public bool NodeLost { get; init; }

    public HealthState Health { get; init; }
    public string? Message { get; init; }
    public int? ExitCode { get; init; }
    public required long Version { get; init; }
}
