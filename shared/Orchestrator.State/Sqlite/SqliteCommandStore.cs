using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteCommandStore(SqliteDatabase database) : ICommandStore
{
    private const int MicrosecondTicks = 10;
    private const string Select = "SELECT place, publish_due_at, body FROM commands ";

    public Task<CommandDocument> AddAsync(CommandDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                if (Find(session, document.Id) is { } earlier)
                {
                    return earlier;
                }

                var last = session.Scalar("SELECT MAX(place) FROM commands WHERE app = $1", document.App);
                var place = Math.Max(last + 1, (document.CreatedAt - DateTimeOffset.UnixEpoch).Ticks / MicrosecondTicks);
                session.Execute(
                    "INSERT INTO commands VALUES ($1, $2, $3, $4, $5, $6)",
                    document.Id, document.App, place, document.Answer is null ? 0 : 1, Columns.Ticks(document.PublishDueAt), Columns.Json(document));
                return document with { Order = place };
            },
            cancellation);

    public Task<CommandDocument?> FindAsync(string commandId, CancellationToken cancellation) =>
        database.ReadAsync(session => Find(session, commandId), cancellation);

    public Task<CommandDocument?> TryAnswerAsync(CommandAnswer answer, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                if (Find(session, answer.CommandId) is not { Answer: null } command)
                {
                    return null;
                }

                var answered = command with { Answer = answer };
                session.Execute("UPDATE commands SET answered = 1, body = $2 WHERE id = $1", command.Id, Columns.Json(answered));
                return answered;
            },
            cancellation);

    public Task<IReadOnlyList<CommandDocument>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<CommandDocument>>(
            session => session.Query(Select + "WHERE answered = 0 AND publish_due_at <= $1 ORDER BY place LIMIT $2", Read, Columns.Ticks(now), limit), cancellation);

    public Task PostponeAsync(IReadOnlyList<string> commandIds, DateTimeOffset publishDueAt, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    "UPDATE commands SET publish_due_at = $2 WHERE id IN (SELECT value FROM json_each($1))", Columns.Json(commandIds), Columns.Ticks(publishDueAt));
            },
            cancellation);

    private static CommandDocument? Find(SqliteSession session, string commandId) =>
        session.Query(Select + "WHERE id = $1", Read, commandId).FirstOrDefault();

    private static CommandDocument Read(SqliteDataReader reader) =>
        reader.Document<CommandDocument>(2) with { Order = reader.GetInt64(0), PublishDueAt = reader.Time(1)!.Value };
}
