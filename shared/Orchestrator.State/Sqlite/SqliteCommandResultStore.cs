namespace Orchestrator.State.Sqlite;

internal sealed class SqliteCommandResultStore(SqliteDatabase database) : ICommandResultStore
{
    public Task<CommandAnswer?> FindAsync(string commandId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query("SELECT body FROM command_results WHERE id = $1", reader => reader.Document<CommandAnswer>(0), commandId).FirstOrDefault(), cancellation);

    public Task AddManyAsync(IReadOnlyList<CommandAnswer> answers, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var answer in answers)
                {
                    session.Execute("INSERT OR IGNORE INTO command_results VALUES ($1, $2)", answer.CommandId, Columns.Json(answer));
                }
            },
            cancellation);
}
