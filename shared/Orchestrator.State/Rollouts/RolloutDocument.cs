namespace Orchestrator.State;

/// <summary>The way of a service's tasks to one revision, and how much may change at a time.</summary>
public sealed record RolloutDocument
{
    /// <summary>Service id and revision: <c>{serviceId}.{revision}</c>.</summary>
    public required string Id { get; init; }

    public long Version { get; init; }
    public required string App { get; init; }
    public required string Service { get; init; }
    public required string ServiceId { get; init; }
    public int? FromRevision { get; init; }
    public required int ToRevision { get; init; }
    public required RolloutState State { get; init; }

    /// <summary>Slots replaced at a time.</summary>
    public required int Parallelism { get; init; }

    public string? Message { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
}
