using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteNodeLivenessStore(SqliteDatabase database) : INodeLivenessStore
{
    private const string Select = "SELECT body FROM node_liveness ";

    public Task<IReadOnlyList<NodeLivenessDocument>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<NodeLivenessDocument>>(session => session.Query(Select + "ORDER BY id", Read), cancellation);

    public Task<IReadOnlyList<NodeLivenessDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<NodeLivenessDocument>>(
            session => session.Query(Select + "WHERE id IN (SELECT value FROM json_each($1))", Read, Columns.Json(nodeIds)), cancellation);

    public Task<IReadOnlySet<string>> PutManyAsync(IReadOnlyList<NodeLivenessDocument> documents, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(
            session => documents.Where(document => session.Execute(
                "INSERT INTO node_liveness (id, epoch, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET epoch = $2, body = $3 WHERE epoch <= $2",
                document.Id, document.Epoch, Columns.Json(document)) == 0).Select(document => document.Id).ToHashSet(),
            cancellation);

    public Task RemoveManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.WriteAsync(session => session.Execute("DELETE FROM node_liveness WHERE id IN (SELECT value FROM json_each($1))", Columns.Json(nodeIds)), cancellation);

    private static NodeLivenessDocument Read(SqliteDataReader reader) => reader.Document<NodeLivenessDocument>(0);
}
