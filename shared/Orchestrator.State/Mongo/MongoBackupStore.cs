using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoBackupStore(MongoDatabase database) : IBackupStore
{
    private const int Batch = 500;
    private static readonly JsonWriterSettings Exact = new() { OutputMode = JsonOutputMode.CanonicalExtendedJson, Indent = false };

    public string Kind => "mongodb";

    public async IAsyncEnumerable<(string Name, string Row)> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var session = await SnapshotAsync(cancellation);
        foreach (var name in await NamesAsync(cancellation))
        {
            var collection = database.Database.GetCollection<BsonDocument>(name);
            var all = FilterDefinition<BsonDocument>.Empty;
            using var cursor = session is null
                ? await database.RunAsync(() => collection.FindAsync(all, null, cancellation))
                : await database.RunAsync(() => collection.FindAsync(session, all, null, cancellation));
            while (await database.RunAsync(() => cursor.MoveNextAsync(cancellation)))
            {
                foreach (var document in cursor.Current)
                {
                    yield return (name, document.ToJson(Exact));
                }
            }
        }
    }

    public Task<bool> IsEmptyAsync(CancellationToken cancellation) => database.RunAsync(async () =>
        !await database.Database.GetCollection<BsonDocument>(MongoIndexes.Apps).Find(FilterDefinition<BsonDocument>.Empty).AnyAsync(cancellation)
        && !await database.Database.GetCollection<BsonDocument>(MongoIndexes.Tasks).Find(FilterDefinition<BsonDocument>.Empty).AnyAsync(cancellation));

    public async Task WriteAllAsync(IAsyncEnumerable<(string Name, string Row)> rows, CancellationToken cancellation)
    {
        // All of it is read before the first is written: a file that is cut off changes nothing.
        var all = (await rows.ToListAsync(cancellation)).GroupBy(row => row.Name).ToDictionary(rows => rows.Key, rows => rows.Select(row => BsonDocument.Parse(row.Row)).ToList());
        foreach (var name in (await NamesAsync(cancellation)).Union(all.Keys))
        {
            var collection = database.Database.GetCollection<BsonDocument>(name);
            await database.RunAsync(() => collection.DeleteManyAsync(FilterDefinition<BsonDocument>.Empty, cancellation));
            foreach (var batch in (all.GetValueOrDefault(name) ?? []).Chunk(Batch))
            {
                await database.RunAsync(() => collection.InsertManyAsync(batch, null, cancellation));
            }
        }
    }

    /// <returns>Null where the server has no snapshots: then each document is whole, and the passes after a restore repair what lies between them.</returns>
    private async Task<IClientSessionHandle?> SnapshotAsync(CancellationToken cancellation)
    {
        try
        {
            var session = await database.Database.Client.StartSessionAsync(new ClientSessionOptions { Snapshot = true }, cancellation);
            await database.Database.GetCollection<BsonDocument>(MongoIndexes.Apps).Find(session, FilterDefinition<BsonDocument>.Empty).Limit(1).AnyAsync(cancellation);
            return session;
        }
        catch (Exception exception) when (exception is MongoCommandException or NotSupportedException or MongoClientException)
        {
            return null;
        }
    }

    private Task<List<string>> NamesAsync(CancellationToken cancellation) => database.RunAsync(async () =>
        (await (await database.Database.ListCollectionNamesAsync(null, cancellation)).ToListAsync(cancellation)).Where(name => !name.StartsWith("system.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList());
}
