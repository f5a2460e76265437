using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoAppStore(MongoDatabase database) : IAppStore
{
    private readonly IMongoCollection<AppDocument> _apps = database.Collection<AppDocument>(MongoIndexes.Apps);

    public Task<AppDocument?> FindAsync(string app, CancellationToken cancellation) =>
        database.RunAsync<AppDocument?>(async () => await _apps.Find(document => document.Id == app).FirstOrDefaultAsync(cancellation));

    public Task<IReadOnlyList<AppDocument>> FindManyAsync(IReadOnlyList<string> apps, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<AppDocument>>(async () => await _apps.Find(document => apps.Contains(document.Id)).ToListAsync(cancellation));

    public Task<IReadOnlyList<AppDocument>> ListAsync(CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<AppDocument>>(async () => await _apps.Find(_ => true).SortBy(document => document.Id).ToListAsync(cancellation));

    public Task<IReadOnlyList<AppDocument>> ListDirtyAsync(DateTimeOffset until, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<AppDocument>>(
            async () => await _apps.Find(document => document.DirtySince <= until).SortBy(document => document.DirtySince).Limit(limit).ToListAsync(cancellation));

    public Task<bool> TryInsertAsync(AppDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _apps.TryInsertAsync(document with { Version = 1 }, cancellation));

    public Task<bool> TryReplaceAsync(AppDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _apps.TryUpdateAsync(
            document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 }), cancellation));
}
