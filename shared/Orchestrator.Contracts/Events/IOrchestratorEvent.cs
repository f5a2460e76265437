namespace Orchestrator.Contracts;

/// <summary>Marks every event: the exchange of this name receives them all.</summary>
[MessageName("orchestrator.events")]
public interface IOrchestratorEvent
{
    /// <summary>The event's name in kebab case, as in its exchange.</summary>
    string Type { get; }

    string EventId { get; }
    DateTimeOffset OccurredAt { get; }
    string? App { get; }
    string? Service { get; }
    string? TaskId { get; }
    string? NodeId { get; }
    string? CommandId { get; }

    /// <summary>The version of what the event tells about; a smaller one is older news.</summary>
    long Version { get; }
}
