using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteRolloutStore(SqliteDatabase database) : IRolloutStore
{
    private const string Select = "SELECT version, body FROM rollouts ";

    public Task<RolloutDocument?> FindAsync(string rolloutId, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Query(Select + "WHERE id = $1", Read, rolloutId).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<RolloutDocument>> FindManyAsync(IReadOnlyList<string> rolloutIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RolloutDocument>>(session => session.Query(Select + "WHERE id IN (SELECT value FROM json_each($1))", Read, Columns.Json(rolloutIds)), cancellation);

    public Task<IReadOnlyList<RolloutDocument>> ListAsync(string? serviceId, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RolloutDocument>>(
            session => serviceId is null
                ? session.Query(Select + "ORDER BY started_at DESC, id", Read)
                : session.Query(Select + "WHERE service_id = $1 ORDER BY to_revision DESC", Read, serviceId),
            cancellation);

    public Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RolloutDocument>>(
            session => session.Query(
                Select + "AS rollout WHERE to_revision = (SELECT MAX(to_revision) FROM rollouts WHERE service_id = rollout.service_id) ORDER BY service_id", Read),
            cancellation);

    public Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RolloutDocument>>(
            session => session.Query(
                Select + """
                AS rollout WHERE service_id IN (SELECT value FROM json_each($1))
                AND to_revision = (SELECT MAX(to_revision) FROM rollouts WHERE service_id = rollout.service_id) ORDER BY service_id
                """,
                Read, Columns.Json(serviceIds)),
            cancellation);

    public Task<IReadOnlyList<RolloutDocument>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<RolloutDocument>>(
            session => session.Query(Select + "WHERE due_at <= $1 ORDER BY due_at LIMIT $2", Read, Columns.Ticks(now), limit), cancellation);

    public Task<bool> TryInsertAsync(RolloutDocument document, CancellationToken cancellation) =>
        database.WriteAsync(session => TryInsert(session, document), cancellation);

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<RolloutDocument> documents, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(session => documents.Where(document => !TryInsert(session, document)).Select(document => document.Id).ToHashSet(), cancellation);

    public Task<bool> TryReplaceAsync(RolloutDocument document, CancellationToken cancellation) =>
        database.WriteAsync(session => TryReplace(session, document), cancellation);

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<RolloutDocument> documents, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(session => documents.Where(document => !TryReplace(session, document)).Select(document => document.Id).ToHashSet(), cancellation);

    public Task DeleteManyAsync(IReadOnlyList<string> rolloutIds, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var id in rolloutIds)
                {
                    session.Execute("DELETE FROM rollouts WHERE id = $1", id);
                }
            },
            cancellation);

    public Task DeleteAllAsync(string serviceId, CancellationToken cancellation) =>
        database.WriteAsync(session => { session.Execute("DELETE FROM rollouts WHERE service_id = $1", serviceId); }, cancellation);

    private static bool TryInsert(SqliteSession session, RolloutDocument document) => session.Execute(
        "INSERT OR IGNORE INTO rollouts VALUES ($1, $2, $3, $4, 1, $5, $6)",
        document.Id, document.ServiceId, document.ToRevision, Columns.Ticks(document.StartedAt), Columns.Json(document), Columns.Ticks(document.DueAt)) == 1;

    private static bool TryReplace(SqliteSession session, RolloutDocument document) => session.Execute(
        "UPDATE rollouts SET version = version + 1, body = $3, due_at = $4 WHERE id = $1 AND version = $2",
        document.Id, document.Version, Columns.Json(document), Columns.Ticks(document.DueAt)) == 1;

    private static RolloutDocument Read(SqliteDataReader reader) =>
        reader.Document<RolloutDocument>(1) with { Version = reader.GetInt64(0) };
}
