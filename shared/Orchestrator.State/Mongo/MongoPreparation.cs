using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoPreparation(MongoDatabase database) : IStorePreparation
{
    private const int Version = 1;
    private const string Schema = "schema";

    public Task PrepareAsync(CancellationToken cancellation) => database.RunAsync(async () =>
    {
        await ReplicaSet.InitiateAsync(database.Address.Settings, cancellation);
        var counters = database.Collection<Counter>(MongoIndexes.Counters);
        var found = await counters.Find(counter => counter.Id == Schema).FirstOrDefaultAsync(cancellation);
        if (found?.Value > Version)
        {
            throw new InvalidOperationException(
                $"database {database.Address.Database} has schema {found.Value}, this program knows {Version}; start the newer program, or restore an older copy");
        }

        await MongoIndexes.CreateAsync(database.Database, cancellation);
        await counters.TryInsertAsync(new Counter { Id = Schema, Value = Version }, cancellation);
    });
}
