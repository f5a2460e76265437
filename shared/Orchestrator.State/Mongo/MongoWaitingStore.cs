using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>One round trip over four collections. Its documents are made by hand: the driver compiles an expression anew at each call.</summary>
internal sealed class MongoWaitingStore(MongoDatabase database) : IWaitingStore
{
    private readonly IMongoCollection<BsonDocument> _apps = database.Collection<BsonDocument>(MongoIndexes.Apps);

    public Task<bool> AnyAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellation) => database.RunAsync(async () =>
    {
        var dirty = NoLaterThan("dirtySince", until);
        BsonDocument[] stages =
        [
            .. First(dirty),
            Union(MongoIndexes.Services, new BsonDocument("$or", new BsonArray { dirty, NoLaterThan("dueAt", now) })),
            Union(MongoIndexes.Tasks, new BsonDocument("$or", new BsonArray { dirty, NoLaterThan("instructDueAt", now) })),
            Union(MongoIndexes.Rollouts, NoLaterThan("dueAt", now)),
            new("$limit", 1),
        ];
        using var found = await _apps.AggregateAsync<BsonDocument>(stages, options: null, cancellation);
        return await found.AnyAsync(cancellation);
    });

    private static BsonDocument NoLaterThan(string field, DateTimeOffset time) => new(field, new BsonDocument("$lte", TimeSerializer.Text(time)));

    private static BsonDocument[] First(BsonDocument filter) => [new("$match", filter), new("$limit", 1), new("$project", new BsonDocument("_id", 1))];

    private static BsonDocument Union(string collection, BsonDocument filter) =>
        new("$unionWith", new BsonDocument { { "coll", collection }, { "pipeline", new BsonArray(First(filter)) } });
}
