namespace Orchestrator.State.Sqlite;

internal sealed class SqliteJoinTokenStore(SqliteDatabase database) : IJoinTokenStore
{
    private const string Select = "SELECT body FROM join_tokens ";

    public Task AddAsync(JoinTokenDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO join_tokens VALUES ($1, $2, $3)", document.Id, Columns.Ticks(document.ExpiresAt), Columns.Json(document));
            },
            cancellation);

    public Task<JoinTokenDocument?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(session => Find(session, id), cancellation);

    public Task<bool> TryUseAsync(string id, string nodeId, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        database.WriteAsync(
            session => Find(session, id) is { } token && (token.UsedBy ?? nodeId) == nodeId
                && session.Execute(
                    "UPDATE join_tokens SET expires_at = $2, body = $3 WHERE id = $1",
                    id, Columns.Ticks(expiresAt), Columns.Json(token with { UsedBy = nodeId, ExpiresAt = expiresAt })) == 1,
            cancellation);

    public Task<IReadOnlyList<JoinTokenDocument>> ListExpiredAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<JoinTokenDocument>>(
            session => session.Query(Select + "WHERE expires_at <= $1 ORDER BY expires_at", reader => reader.Document<JoinTokenDocument>(0), Columns.Ticks(now)), cancellation);

    public Task RemoveAsync(string id, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM join_tokens WHERE id = $1", id);
            },
            cancellation);

    private static JoinTokenDocument? Find(SqliteSession session, string id) =>
        session.Query(Select + "WHERE id = $1", reader => reader.Document<JoinTokenDocument>(0), id).FirstOrDefault();
}
