namespace Orchestrator.State.Sqlite;

internal sealed class SqliteHealthHistoryStore(SqliteDatabase database) : IHealthHistoryStore
{
    public Task AddManyAsync(IReadOnlyList<HealthTransition> transitions, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var transition in transitions)
                {
                    session.Execute(
                        "INSERT INTO health_history (task_id, at, body) VALUES ($1, $2, $3)", transition.TaskId, Columns.Ticks(transition.At), Columns.Json(transition));
                }
            },
            cancellation);

    public Task<IReadOnlyList<HealthTransition>> ListAsync(string taskId, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<HealthTransition>>(
            session => session.Query(
                "SELECT body FROM health_history WHERE task_id = $1 ORDER BY number DESC LIMIT $2", reader => reader.Document<HealthTransition>(0), taskId, limit),
            cancellation);

    public Task DeleteBeforeAsync(DateTimeOffset time, CancellationToken cancellation) =>
        database.WriteAsync(session => { session.Execute("DELETE FROM health_history WHERE at < $1", Columns.Ticks(time)); }, cancellation);
}
