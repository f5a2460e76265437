namespace Orchestrator.State.Sqlite;

internal sealed class SqliteWaitingStore(SqliteDatabase database) : IWaitingStore
{
    private const string Any =
        """
        SELECT EXISTS (SELECT 1 FROM apps WHERE dirty_since <= $1)
            OR EXISTS (SELECT 1 FROM services WHERE dirty_since <= $1)
            OR EXISTS (SELECT 1 FROM services WHERE due_at <= $2)
            OR EXISTS (SELECT 1 FROM tasks WHERE dirty_since <= $1)
            OR EXISTS (SELECT 1 FROM tasks WHERE instruct_due_at <= $2)
            OR EXISTS (SELECT 1 FROM rollouts WHERE due_at <= $2)
        """;

    public Task<bool> AnyAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Scalar(Any, Columns.Ticks(until), Columns.Ticks(now)) == 1, cancellation);
}
