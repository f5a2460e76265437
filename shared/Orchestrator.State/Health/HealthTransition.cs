using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>One change of a task's health.</summary>
public sealed record HealthTransition
{
    public required string TaskId { get; init; }
    public required string NodeId { get; init; }
    public required HealthState Health { get; init; }
    public string? Message { get; init; }
    public required DateTimeOffset At { get; init; }
}
