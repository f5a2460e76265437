namespace Orchestrator.State.Sqlite;

internal sealed class SqliteWaitingStore(SqliteDatabase database) : IWaitingStore
{
    /// <summary>The sum of the <see cref="WaitingKinds"/>.</summary>
    private const string Kinds =
        """
        SELECT EXISTS (SELECT 1 FROM apps WHERE dirty_since <= $1)
            + 2 * (EXISTS (SELECT 1 FROM services WHERE dirty_since <= $1) OR EXISTS (SELECT 1 FROM services WHERE due_at <= $2))
            + 4 * EXISTS (SELECT 1 FROM tasks WHERE dirty_since <= $1)
            + 8 * EXISTS (SELECT 1 FROM tasks WHERE instruct_due_at <= $2)
            + 16 * EXISTS (SELECT 1 FROM rollouts WHERE due_at <= $2)
        """;

    public Task<WaitingKinds> FindAsync(DateTimeOffset until, DateTimeOffset now, CancellationToken cancellation) =>
        database.ReadAsync(session => (WaitingKinds)session.Scalar(Kinds, Columns.Ticks(until), Columns.Ticks(now)), cancellation);
}
