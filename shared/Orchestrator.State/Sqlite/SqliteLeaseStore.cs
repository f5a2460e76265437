using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteLeaseStore(SqliteDatabase database) : ILeaseStore
{
    public Task<LeaseDocument?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Query("SELECT version, body FROM leases WHERE id = $1", Read, id).FirstOrDefault(), cancellation);

    public Task<bool> TryInsertAsync(LeaseDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute("INSERT OR IGNORE INTO leases VALUES ($1, 1, $2)", document.Id, Columns.Json(document)) == 1, cancellation);

    public Task<bool> TryReplaceAsync(LeaseDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                "UPDATE leases SET version = version + 1, body = $3 WHERE id = $1 AND version = $2", document.Id, document.Version, Columns.Json(document)) == 1,
            cancellation);

    private static LeaseDocument Read(SqliteDataReader reader) => reader.Document<LeaseDocument>(1) with { Version = reader.GetInt64(0) };
}
