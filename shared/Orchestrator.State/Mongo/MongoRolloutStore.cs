using System.Runtime.CompilerServices;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoRolloutStore(MongoDatabase database) : IRolloutStore
{
    private readonly IMongoCollection<RolloutDocument> _rollouts = database.Collection<RolloutDocument>(MongoIndexes.Rollouts);

    public Task<RolloutDocument?> FindAsync(string rolloutId, CancellationToken cancellation) =>
        database.RunAsync<RolloutDocument?>(async () => await _rollouts.Find(rollout => rollout.Id == rolloutId).FirstOrDefaultAsync(cancellation));

    public Task<IReadOnlyList<RolloutDocument>> FindManyAsync(IReadOnlyList<string> rolloutIds, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<RolloutDocument>>(async () => await _rollouts.Find(rollout => rolloutIds.Contains(rollout.Id)).ToListAsync(cancellation));

    public Task<IReadOnlyList<RolloutDocument>> ListAsync(string? serviceId, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<RolloutDocument>>(async () => serviceId is null
            ? await _rollouts.Find(_ => true).SortByDescending(rollout => rollout.StartedAt).ThenBy(rollout => rollout.Id).ToListAsync(cancellation)
            : await _rollouts.Find(rollout => rollout.ServiceId == serviceId).SortByDescending(rollout => rollout.ToRevision).ToListAsync(cancellation));

    public Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(CancellationToken cancellation) => ListNewestAsync(Builders<RolloutDocument>.Filter.Empty, cancellation);

    public Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        ListNewestAsync(Builders<RolloutDocument>.Filter.In(rollout => rollout.ServiceId, serviceIds), cancellation);

    public Task<IReadOnlyList<RolloutDocument>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<RolloutDocument>>(async () =>
            await _rollouts.Find(rollout => rollout.DueAt <= now).SortBy(rollout => rollout.DueAt).Limit(limit).ToListAsync(cancellation));

    public Task<bool> TryInsertAsync(RolloutDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _rollouts.TryInsertAsync(document with { Version = 1 }, cancellation));

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<RolloutDocument> documents, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
            (await _rollouts.InsertNewAsync([.. documents.Select(document => document with { Version = 1 })], cancellation)).Select(place => documents[place].Id).ToHashSet());

    public Task<bool> TryReplaceAsync(RolloutDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _rollouts.TryUpdateAsync(
            document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 }), cancellation));

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<RolloutDocument> documents, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
        {
            var lost = await _rollouts.BulkOrErrorsAsync(
                [.. documents.Select(document => MongoWrites.OrError<RolloutDocument>(document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 })))], cancellation);
            return lost.Select(place => documents[place].Id).ToHashSet();
        });

    public Task DeleteManyAsync(IReadOnlyList<string> rolloutIds, CancellationToken cancellation) =>
        database.RunAsync(() => _rollouts.DeleteManyAsync(rollout => rolloutIds.Contains(rollout.Id), cancellation));

    public Task DeleteAllAsync(string serviceId, CancellationToken cancellation) =>
        database.RunAsync(() => _rollouts.DeleteManyAsync(rollout => rollout.ServiceId == serviceId, cancellation));

    private Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(FilterDefinition<RolloutDocument> filter, CancellationToken cancellation, [CallerMemberName] string method = "") =>
        database.RunAsync<IReadOnlyList<RolloutDocument>>(
            async () => await _rollouts.Aggregate().Match(filter)
                .SortBy(rollout => rollout.ServiceId).ThenByDescending(rollout => rollout.ToRevision)
                .Group(rollout => rollout.ServiceId, group => new { ServiceId = group.Key, Newest = group.First() })
                .SortBy(group => group.ServiceId)
                .ReplaceRoot(group => group.Newest)
                .ToListAsync(cancellation),
            method);
}
