namespace Orchestrator.Contracts;

/// <summary>The API instance that counted the error queues, to all: nobody else need count them for a while.</summary>
[MessageName("orchestrator.signals.error-queues-counted")]
public sealed record ErrorQueuesCounted
{
    /// <summary>Messages by queue; queues that are not there or are empty are left out.</summary>
    public required IReadOnlyDictionary<string, long> Messages { get; init; }

    public required DateTimeOffset CountedAt { get; init; }
}
