using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteRevisionStore(SqliteDatabase database) : IRevisionStore
{
    public Task AddManyAsync(IReadOnlyList<RevisionDocument> revisions, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var revision in revisions)
                {
                    session.Execute("INSERT OR IGNORE INTO revisions VALUES ($1, $2, $3)", revision.ServiceId, revision.Number, Columns.Json(revision));
                }
            },
            cancellation);

    public Task<IReadOnlyList<RevisionDocument>> FindManyAsync(IReadOnlyList<(string ServiceId, int Number)> keys, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RevisionDocument>>(
            session => [.. keys.Distinct().SelectMany(key => session.Query("SELECT body FROM revisions WHERE service_id = $1 AND number = $2", Read, key.ServiceId, key.Number))],
            cancellation);

    public Task<IReadOnlyList<RevisionDocument>> ListAsync(string serviceId, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RevisionDocument>>(
            session => session.Query("SELECT body FROM revisions WHERE service_id = $1 ORDER BY number", Read, serviceId), cancellation);

    public Task DeleteManyAsync(string serviceId, IReadOnlyList<int> numbers, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var number in numbers)
                {
                    session.Execute("DELETE FROM revisions WHERE service_id = $1 AND number = $2", serviceId, number);
                }
            },
            cancellation);

    public Task DeleteAllAsync(string serviceId, CancellationToken cancellation) =>
        database.WriteAsync(session => { session.Execute("DELETE FROM revisions WHERE service_id = $1", serviceId); }, cancellation);

    private static RevisionDocument Read(SqliteDataReader reader) => reader.Document<RevisionDocument>(0);
}
