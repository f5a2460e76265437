using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoLeaseStore(MongoDatabase database) : ILeaseStore
{
    private readonly IMongoCollection<LeaseDocument> _leases = database.Collection<LeaseDocument>(MongoIndexes.Leases);

    public Task<LeaseDocument?> FindAsync(string id, CancellationToken cancellation) =>
        database.RunAsync<LeaseDocument?>(async () => await _leases.Find(document => document.Id == id).FirstOrDefaultAsync(cancellation));

    public Task<bool> TryInsertAsync(LeaseDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _leases.TryInsertAsync(document with { Version = 1 }, cancellation));

    public Task<bool> TryReplaceAsync(LeaseDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _leases.TryUpdateAsync(
            document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 }), cancellation));
}
