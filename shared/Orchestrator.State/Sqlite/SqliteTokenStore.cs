namespace Orchestrator.State.Sqlite;

internal sealed class SqliteTokenStore(SqliteDatabase database) : ITokenStore
{
    public Task<TokenDocument?> FindAsync(string hash, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query("SELECT body FROM tokens WHERE id = $1", reader => reader.Document<TokenDocument>(0), hash).FirstOrDefault(), cancellation);

    public Task<bool> TryInsertAsync(TokenDocument document, CancellationToken cancellation) =>
        database.WriteAsync(session => session.Execute("INSERT OR IGNORE INTO tokens VALUES ($1, $2)", document.Id, Columns.Json(document)) == 1, cancellation);
}
