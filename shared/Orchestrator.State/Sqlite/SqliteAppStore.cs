using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteAppStore(SqliteDatabase database) : IAppStore
{
    private const string Select = "SELECT version, body FROM apps ";

    public Task<AppDocument?> FindAsync(string app, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Query(Select + "WHERE id = $1", Read, app).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<AppDocument>> FindManyAsync(IReadOnlyList<string> apps, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<AppDocument>>(session => session.Query(Select + "WHERE id IN (SELECT value FROM json_each($1))", Read, Columns.Json(apps)), cancellation);

    public Task<IReadOnlyList<AppDocument>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<AppDocument>>(session => session.Query(Select + "ORDER BY id", Read), cancellation);

    public Task<IReadOnlyList<AppDocument>> ListDirtyAsync(DateTimeOffset until, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<AppDocument>>(
            session => session.Query(Select + "WHERE dirty_since <= $1 ORDER BY dirty_since LIMIT $2", Read, Columns.Ticks(until), limit), cancellation);

    public Task<bool> TryInsertAsync(AppDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                "INSERT OR IGNORE INTO apps VALUES ($1, 1, $2, $3)", document.Id, Columns.Ticks(document.DirtySince), Columns.Json(document)) == 1,
            cancellation);

    public Task<bool> TryReplaceAsync(AppDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                "UPDATE apps SET version = version + 1, dirty_since = $3, body = $4 WHERE id = $1 AND version = $2",
                document.Id, document.Version, Columns.Ticks(document.DirtySince), Columns.Json(document)) == 1,
            cancellation);

    private static AppDocument Read(SqliteDataReader reader) =>
        reader.Document<AppDocument>(1) with { Version = reader.GetInt64(0) };
}
