namespace Orchestrator.Contracts;

/// <summary>The history writer to all API instances: the history reaches up to here now.</summary>
[MessageName("orchestrator.signals.history-appended")]
public sealed record HistoryAppended
{
    public required long LastSequence { get; init; }
}
