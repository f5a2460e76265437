using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoHealthHistoryStore(MongoDatabase database) : IHealthHistoryStore
{
    private readonly IMongoCollection<HealthTransition> _transitions = database.Collection<HealthTransition>(MongoIndexes.HealthHistory);
    private readonly IMongoCollection<BsonDocument> _stored = database.Collection<BsonDocument>(MongoIndexes.HealthHistory);

    public Task AddManyAsync(IReadOnlyList<HealthTransition> transitions, CancellationToken cancellation) =>
        database.RunAsync(() => _stored.InsertNewAsync([.. transitions.Select(transition => transition.ToBsonDocument())], cancellation));

    public Task<IReadOnlyList<HealthTransition>> ListAsync(string taskId, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<HealthTransition>>(async () => await _transitions
            .Find(transition => transition.TaskId == taskId)
            .Sort(Builders<HealthTransition>.Sort.Descending(transition => transition.At).Descending("_id"))
            .Limit(limit)
            .ToListAsync(cancellation));

    public Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellation) =>
        database.RunAsync(() => _transitions.DeleteManyAsync(transition => transition.At < time, cancellation));
}
