namespace Orchestrator.Contracts;

/// <summary>What every event carries. Only <see cref="IOrchestratorEvent"/> has an exchange, this type has none.</summary>
public abstract record OrchestratorEvent : IOrchestratorEvent
{
    public abstract string Type { get; }
    public required string EventId { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public string? App { get; init; }
    public string? Service { get; init; }
    public string? TaskId { get; init; }
    public string? NodeId { get; init; }
    public string? CommandId { get; init; }
    public long Version { get; init; }
}
