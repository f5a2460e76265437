namespace Orchestrator.State;

/// <summary>An event as it came over the bus.</summary>
public sealed record HistoryEvent
{
    /// <summary>Its place in the history, without gaps; given by the store.</summary>
    public long Sequence { get; init; }

    public required string EventId { get; init; }
    public required string Type { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public string? App { get; init; }
    public string? Service { get; init; }
    public string? TaskId { get; init; }
    public string? NodeId { get; init; }
    public string? CommandId { get; init; }

    /// <summary>The message's JSON, unchanged.</summary>
    public required string Body { get; init; }
}
