using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>The sequence number is the document's id. Each is given only when the one before it is stored, so there are no gaps, whoever writes.</summary>
internal sealed class MongoHistoryStore(MongoDatabase database) : IHistoryStore
{
    private const string Dropped = "events";
    private static readonly FilterDefinitionBuilder<HistoryEvent> Where = Builders<HistoryEvent>.Filter;
    private readonly IMongoCollection<HistoryEvent> _events = database.Collection<HistoryEvent>(MongoIndexes.Events);
    private readonly IMongoCollection<Counter> _counters = database.Collection<Counter>(MongoIndexes.Counters);

    public Task<long> AppendAsync(IReadOnlyList<HistoryEvent> events, CancellationToken cancellation) => database.RunAsync(async () =>
    {
        IReadOnlyList<HistoryEvent> rest = [.. events.DistinctBy(item => item.EventId)];
        while (true)
        {
            var last = await LastAsync(cancellation);
            if (rest.Count == 0)
            {
                return last;
            }

            try
            {
                // In order, and none after the first that is refused.
                await _events.InsertManyAsync(rest.Select((item, place) => item with { Sequence = last + 1 + place }), options: null, cancellation);
                return last + rest.Count;
            }
            catch (MongoBulkWriteException<HistoryEvent> exception) when (exception.Refused(MongoErrors.DuplicateKey))
            {
                // Some are there already, or another writer took a number: the rest is tried again after the last there is.
                rest = await WithoutStoredAsync(rest, cancellation);
            }
        }
    });

    public Task<IReadOnlyList<HistoryEvent>> ReadAsync(long after, HistoryFilter filter, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<HistoryEvent>>(async () =>
            await _events.Find(Passes(filter) & Where.Gt(item => item.Sequence, after)).SortBy(item => item.Sequence).Limit(limit).ToListAsync(cancellation));

    public Task<IReadOnlyList<HistoryEvent>> ReadNewestAsync(HistoryFilter filter, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<HistoryEvent>>(async () =>
        {
            var newest = await _events.Find(Passes(filter)).SortByDescending(item => item.Sequence).Limit(limit).ToListAsync(cancellation);
            newest.Reverse();
            return newest;
        });

    public Task<long> LastSequenceAsync(CancellationToken cancellation) => database.RunAsync(() => LastAsync(cancellation));

    public Task DeleteBeforeAsync(DateTimeOffset time, long kept, CancellationToken cancellation) => database.RunAsync(async () =>
    {
        var last = await LastAsync(cancellation);
        await _counters.UpdateOneAsync(
            counter => counter.Id == Dropped, Builders<Counter>.Update.Max(counter => counter.Value, last), new UpdateOptions { IsUpsert = true }, cancellation);
        await _events.DeleteManyAsync(item => (item.OccurredAt < time && item.Sequence <= last) || item.Sequence <= last - kept, cancellation);
    });

    /// <summary>
    /// The newest event's number or, when that one was dropped, the number kept before it was. In this order: the number is kept before events go, so
    /// who does not see the event any more sees the number.
    /// </summary>
    private async Task<long> LastAsync(CancellationToken cancellation)
    {
        var newest = await _events.Find(Where.Empty).SortByDescending(item => item.Sequence).Limit(1).Project(item => item.Sequence).FirstOrDefaultAsync(cancellation);
        var dropped = await _counters.Find(counter => counter.Id == Dropped).Project(counter => counter.Value).FirstOrDefaultAsync(cancellation);
        return Math.Max(newest, dropped);
    }

    private async Task<IReadOnlyList<HistoryEvent>> WithoutStoredAsync(IReadOnlyList<HistoryEvent> events, CancellationToken cancellation)
    {
        var ids = await _events.Find(Where.In(item => item.EventId, events.Select(item => item.EventId))).Project(item => item.EventId).ToListAsync(cancellation);
        var stored = ids.ToHashSet();
        return [.. events.Where(item => !stored.Contains(item.EventId))];
    }

    private static FilterDefinition<HistoryEvent> Passes(HistoryFilter filter)
    {
        var all = new List<FilterDefinition<HistoryEvent>>();
        void Is(string field, string? value)
        {
            if (value is not null)
            {
                all.Add(Where.Eq(field, value));
            }
        }

        Is("app", filter.App);
        Is("service", filter.Service);
        Is("type", filter.Type);
        Is("commandId", filter.CommandId);
        if (filter.Since is { } since)
        {
            all.Add(Where.Gte(item => item.OccurredAt, since));
        }

        return all.Count == 0 ? Where.Empty : Where.And(all);
    }
}
