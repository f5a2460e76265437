namespace Orchestrator.State.Sqlite;

internal sealed class SqliteNodeLivenessStore(SqliteDatabase database) : INodeLivenessStore
{
    public Task<IReadOnlyList<NodeLivenessDocument>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<NodeLivenessDocument>>(
            session => session.Query("SELECT body FROM node_liveness ORDER BY id", reader => reader.Document<NodeLivenessDocument>(0)), cancellation);

    public Task PutManyAsync(IReadOnlyList<NodeLivenessDocument> documents, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var document in documents)
                {
                    session.Execute("INSERT OR REPLACE INTO node_liveness VALUES ($1, $2)", document.Id, Columns.Json(document));
                }
            },
            cancellation);
}
