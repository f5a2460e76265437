using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteServiceStore(SqliteDatabase database) : IServiceStore
{
    private const string Select = "SELECT version, dirty_since, body FROM services ";

    /// <summary>Two looks, so that each has its index.</summary>
    private const string Beside =
        """
        WHERE id IN (
            SELECT id FROM services WHERE app IN (SELECT value FROM json_each($1))
            UNION SELECT id FROM services WHERE json_extract(body, '$.keepsAway[0]') IS NOT NULL)
        ORDER BY app, name
        """;

    private const string WithUnschedulable =
        """
        WHERE id IN (
            SELECT id FROM services WHERE app IN (SELECT value FROM json_each($1))
            UNION SELECT id FROM services WHERE unschedulable = 1)
        ORDER BY app, name
        """;

    public Task<ServiceDocument?> FindAsync(string serviceId, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Query(Select + "WHERE id = $1", Read, serviceId).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> FindManyAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(session => session.Query(Select + "WHERE id IN (SELECT value FROM json_each($1))", Read, Columns.Json(serviceIds)), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListAsync(string? app, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(
            session => app is null
                ? session.Query(Select + "ORDER BY app, name", Read)
                : session.Query(Select + "WHERE app = $1 ORDER BY app, name", Read, app),
            cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListBesideAsync(IReadOnlyList<string> apps, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(session => session.Query(Select + Beside, Read, Columns.Json(apps)), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> PageAsync(string? app, (string App, string Name, string Id)? after, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(
            session => session.Query(
                Select + "WHERE (app, name, id) > ($1, $2, $3) AND ($4 IS NULL OR app = $4) ORDER BY app, name, id LIMIT $5", Read,
                after?.App ?? app ?? "", after?.Name ?? "", after?.Id ?? "", app, limit),
            cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListWaitingAsync(DateTimeOffset until, DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(
            session => session.Query(Select + "WHERE dirty_since <= $1 OR due_at <= $2 LIMIT $3", Read, Columns.Ticks(until), Columns.Ticks(now), limit), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListUnschedulableAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(session => session.Query(Select + "WHERE unschedulable = 1 ORDER BY app, name", Read), cancellation);

    public Task<IReadOnlyList<ServiceDocument>> ListWithUnschedulableAsync(IReadOnlyList<string> apps, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ServiceDocument>>(session => session.Query(Select + WithUnschedulable, Read, Columns.Json(apps)), cancellation);

    public Task<bool> TryInsertAsync(ServiceDocument document, CancellationToken cancellation) =>
        database.WriteAsync(session => TryInsert(session, document), cancellation);

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<ServiceDocument> documents, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(session => documents.Where(document => !TryInsert(session, document)).Select(document => document.Id).ToHashSet(), cancellation);

    public Task<bool> TryReplaceAsync(ServiceDocument document, CancellationToken cancellation) =>
        database.WriteAsync(session => TryReplace(session, document), cancellation);

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<ServiceDocument> documents, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(session => documents.Where(document => !TryReplace(session, document)).Select(document => document.Id).ToHashSet(), cancellation);

    public Task<bool> TryDeleteAsync(string serviceId, long version, CancellationToken cancellation) =>
        database.WriteAsync(session => session.Execute("DELETE FROM services WHERE id = $1 AND version = $2", serviceId, version) == 1, cancellation);

    private static bool TryInsert(SqliteSession session, ServiceDocument document) => session.Execute(
        "INSERT OR IGNORE INTO services VALUES ($1, $2, $3, 1, $4, $5, $6, $7)",
        document.Id, document.App, document.Name, Columns.Ticks(document.DirtySince), Columns.Ticks(document.DueAt), Waits(document), Columns.Json(document)) == 1;

    private static bool TryReplace(SqliteSession session, ServiceDocument document) => session.Execute(
        "UPDATE services SET version = version + 1, dirty_since = $3, due_at = $4, unschedulable = $5, body = $6 WHERE id = $1 AND version = $2",
        document.Id, document.Version, Columns.Ticks(document.DirtySince), Columns.Ticks(document.DueAt), Waits(document), Columns.Json(document)) == 1;

    private static int Waits(ServiceDocument document) => document.UnschedulableReasons.Count > 0 ? 1 : 0;

    private static ServiceDocument Read(SqliteDataReader reader) =>
        reader.Document<ServiceDocument>(2) with { Version = reader.GetInt64(0), DirtySince = reader.Time(1) };
}
