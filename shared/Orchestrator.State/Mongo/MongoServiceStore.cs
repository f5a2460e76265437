using System.Runtime.CompilerServices;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoServiceStore(MongoDatabase database) : IServiceStore
{
    private static readonly FilterDefinitionBuilder<ServiceDocument> Where = Builders<ServiceDocument>.Filter;
    private readonly IMongoCollection<ServiceDocument> _services = database.Collection<ServiceDocument>(MongoIndexes.Services);

    public Task<ServiceDocument?> FindAsync(string serviceId, CancellationToken cancellation) =>
        database.RunAsync<ServiceDocument?>(async () => await _services.Find(service => service.Id == serviceId).FirstOrDefaultAsync(cancellation));

    public Task<IReadOnlyList<ServiceDocument>> FindManyAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<ServiceDocument>>(async () => await _services.Find(Where.In(service => service.Id, serviceIds)).ToListAsync(cancellation));

    public Task<IReadOnlyList<ServiceDocument>> ListAsync(string? app, CancellationToken cancellation) =>
        ListAsync(app is null ? Where.Empty : Where.Eq(service => service.App, app), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListBesideAsync(IReadOnlyList<string> apps, CancellationToken cancellation) =>
        ListAsync(Where.In(service => service.App, apps) | Where.Exists(service => service.KeepsAway), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> PageAsync(string? app, (string App, string Name, string Id)? after, int limit, CancellationToken cancellation)
    {
        var filter = app is null ? Where.Empty : Where.Eq(service => service.App, app);
        if (after is { } place)
        {
            var (sameApp, sameName) = (Where.Eq(service => service.App, place.App), Where.Eq(service => service.Name, place.Name));
            filter &= Where.Gt(service => service.App, place.App) | (sameApp & Where.Gt(service => service.Name, place.Name)) | (sameApp & sameName & Where.Gt(service => service.Id, place.Id));
        }

        return database.RunAsync<IReadOnlyList<ServiceDocument>>(
            async () => await _services.Find(filter).SortBy(service => service.App).ThenBy(service => service.Name).ThenBy(service => service.Id).Limit(limit).ToListAsync(cancellation));
    }

    public Task<IReadOnlyList<ServiceDocument>> ListWaitingAsync(DateTimeOffset until, DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<ServiceDocument>>(
            async () => await _services.Find(service => service.DirtySince <= until || service.DueAt <= now).Limit(limit).ToListAsync(cancellation));

    public Task<IReadOnlyList<ServiceDocument>> ListUnschedulableAsync(CancellationToken cancellation) =>
        ListAsync(Where.Exists(service => service.UnschedulableReasons), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListWithUnschedulableAsync(IReadOnlyList<string> apps, CancellationToken cancellation) =>
        ListAsync(Where.In(service => service.App, apps) | Where.Exists(service => service.UnschedulableReasons), cancellation);

    public Task<bool> TryInsertAsync(ServiceDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _services.TryInsertAsync(document with { Version = 1 }, cancellation));

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<ServiceDocument> documents, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
            (await _services.InsertNewAsync([.. documents.Select(document => document with { Version = 1 })], cancellation)).Select(place => documents[place].Id).ToHashSet());

    public Task<bool> TryReplaceAsync(ServiceDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _services.TryUpdateAsync(
            document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 }), cancellation));

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<ServiceDocument> documents, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
        {
            var lost = await _services.BulkOrErrorsAsync(
                [.. documents.Select(document => MongoWrites.OrError<ServiceDocument>(document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 })))], cancellation);
            return lost.Select(place => documents[place].Id).ToHashSet();
        });

    public Task<bool> TryDeleteAsync(string serviceId, long version, CancellationToken cancellation) =>
        database.RunAsync(async () => (await _services.DeleteOneAsync(MongoWrites.Of(serviceId, version), cancellation)).DeletedCount == 1);

    private Task<IReadOnlyList<ServiceDocument>> ListAsync(FilterDefinition<ServiceDocument> filter, CancellationToken cancellation, [CallerMemberName] string method = "") =>
        database.RunAsync<IReadOnlyList<ServiceDocument>>(
            async () => await _services.Find(filter).SortBy(service => service.App).ThenBy(service => service.Name).ToListAsync(cancellation), method);
}
