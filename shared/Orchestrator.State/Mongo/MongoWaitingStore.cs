using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>One round trip over four collections. Its documents are made by hand: the driver compiles an expression anew at each call.</summary>
internal sealed class MongoWaitingStore(MongoDatabase database) : IWaitingStore
{
    private const string Kind = "kind";

    private readonly IMongoCollection<BsonDocument> _apps = database.Collection<BsonDocument>(MongoIndexes.Apps);

    public Task<WaitingKinds> FindAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellation) => database.RunAsync(async () =>
    {
        var dirty = NoLaterThan("dirtySince", until);
        BsonDocument[] stages =
        [
            .. First(dirty, WaitingKinds.Apps),
            Union(MongoIndexes.Services, new BsonDocument("$or", new BsonArray { dirty, NoLaterThan("dueAt", now) }), WaitingKinds.Services),
            Union(MongoIndexes.Tasks, dirty, WaitingKinds.Tasks),
            Union(MongoIndexes.Tasks, NoLaterThan("instructDueAt", now), WaitingKinds.Instructions),
            Union(MongoIndexes.Rollouts, NoLaterThan("dueAt", now), WaitingKinds.Rollouts),
        ];
        using var found = await _apps.AggregateAsync<BsonDocument>(stages, options: null, cancellation);
        return (await found.ToListAsync(cancellation)).Aggregate(WaitingKinds.None, (kinds, one) => kinds | (WaitingKinds)one[Kind].ToInt32());
    });

    private static BsonDocument NoLaterThan(string field, DateTimeOffset time) => new(field, new BsonDocument("$lte", TimeSerializer.Text(time)));

    private static BsonDocument[] First(BsonDocument filter, WaitingKinds kind) =>
    [
        new("$match", filter),
        new("$limit", 1),
        new("$project", new BsonDocument { { "_id", 1 }, { Kind, new BsonDocument("$literal", (int)kind) } }),
    ];

    private static BsonDocument Union(string collection, BsonDocument filter, WaitingKinds kind) =>
        new("$unionWith", new BsonDocument { { "coll", collection }, { "pipeline", new BsonArray(First(filter, kind)) } });
}
