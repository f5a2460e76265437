using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoRevisionStore(MongoDatabase database) : IRevisionStore
{
    private readonly IMongoCollection<RevisionDocument> _revisions = database.Collection<RevisionDocument>(MongoIndexes.Revisions);
    private readonly IMongoCollection<BsonDocument> _stored = database.Collection<BsonDocument>(MongoIndexes.Revisions);

    public Task AddManyAsync(IReadOnlyList<RevisionDocument> revisions, CancellationToken cancellation) =>
        database.RunAsync(() => _stored.InsertNewAsync(
            [.. revisions.Select(revision => MongoWrites.WithId(revision, Key(revision.ServiceId, revision.Number)))], cancellation));

    public Task<IReadOnlyList<RevisionDocument>> FindManyAsync(IReadOnlyList<(string ServiceId, int Number)> keys, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<RevisionDocument>>(async () => keys.Count == 0
            ? []
            : await _revisions.Find(Builders<RevisionDocument>.Filter.In("_id", keys.Select(key => Key(key.ServiceId, key.Number)))).ToListAsync(cancellation));

    public Task<IReadOnlyList<RevisionDocument>> ListAsync(string serviceId, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<RevisionDocument>>(
            async () => await _revisions.Find(revision => revision.ServiceId == serviceId).SortBy(revision => revision.Number).ToListAsync(cancellation));

    public Task DeleteManyAsync(string serviceId, IReadOnlyList<int> numbers, CancellationToken cancellation) =>
        database.RunAsync(() => _revisions.DeleteManyAsync(
            Builders<RevisionDocument>.Filter.In("_id", numbers.Select(number => Key(serviceId, number))), cancellation));

    public Task DeleteAllAsync(string serviceId, CancellationToken cancellation) =>
        database.RunAsync(() => _revisions.DeleteManyAsync(revision => revision.ServiceId == serviceId, cancellation));

    private static string Key(string serviceId, int number) => string.Create(CultureInfo.InvariantCulture, $"{serviceId}.{number}");
}
