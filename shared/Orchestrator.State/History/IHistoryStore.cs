namespace Orchestrator.State;

/// <summary>All events, in the order in which the single writer of the API took them.</summary>
public interface IHistoryStore
{
    /// <summary>Appends those whose event id is new, in order, and returns the last sequence number of the history.</summary>
    Task<long> AppendAsync(IReadOnlyList<HistoryEvent> events, CancellationToken cancellation);

    /// <summary>Events after a sequence number, in order.</summary>
    Task<IReadOnlyList<HistoryEvent>> ReadAsync(long after, HistoryFilter filter, int limit, CancellationToken cancellation);

    /// <summary>The newest events that pass, in order.</summary>
    Task<IReadOnlyList<HistoryEvent>> ReadNewestAsync(HistoryFilter filter, int limit, CancellationToken cancellation);

    /// <summary>0 when there is none.</summary>
    Task<long> LastSequenceAsync(CancellationToken cancellation);

    /// <summary>Drops what is older, and all but the newest <paramref name="kept"/>; numbers are not given again.</summary>
    Task DeleteBeforeAsync(DateTimeOffset time, long kept, CancellationToken cancellation);
}
