using Microsoft.Data.Sqlite;
using Orchestrator.Contracts;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteTaskStore(SqliteDatabase database) : ITaskStore
{
    private const string Select = "SELECT version, dirty_since, body FROM tasks ";

    public Task<TaskDocument?> FindAsync(string taskId, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Query(Select + "WHERE id = $1", Read, taskId).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<TaskDocument>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE id >= $1 AND id < $1 || 'z' ORDER BY id LIMIT $2", prefix, limit), cancellation);

    public Task<IReadOnlyList<TaskDocument>> FindManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE id IN (SELECT value FROM json_each($1))", Columns.Json(taskIds)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListByServiceAsync(string serviceId, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE service_id = $1 ORDER BY slot, created_at", serviceId), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListLiveByNodeAsync(string nodeId, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE node_id = $1 AND final = 0", nodeId), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListAsync(string? app, string? service, CancellationToken cancellation) => (app, service) switch
    {
        (null, _) => database.ReadAsync(List("ORDER BY app, service, slot, created_at"), cancellation),
        (_, null) => database.ReadAsync(List("WHERE app = $1 ORDER BY app, service, slot, created_at", app), cancellation),
        _ => database.ReadAsync(List("WHERE app = $1 AND service = $2 ORDER BY app, service, slot, created_at", app, service), cancellation),
    };

    public Task<IReadOnlyList<string>> ListDirtyServicesAsync(DateTimeOffset until, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<string>>(
            session => session.Query("SELECT DISTINCT service_id FROM tasks WHERE dirty_since <= $1 LIMIT $2", reader => reader.GetString(0), Columns.Ticks(until), limit), cancellation);

    public Task<IReadOnlyDictionary<TaskState, long>> CountByStateAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyDictionary<TaskState, long>>(
            session => session.Query("SELECT state, COUNT(*) FROM tasks GROUP BY state", reader => (State: Enum.Parse<TaskState>(reader.GetString(0)), Count: reader.GetInt64(1)))
                .ToDictionary(row => row.State, row => row.Count),
            cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListInstructDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE instruct_due_at <= $1 ORDER BY instruct_due_at LIMIT $2", Columns.Ticks(now), limit), cancellation);

    public Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(
            session => tasks.Where(task => session.Execute(
                "INSERT OR IGNORE INTO tasks VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12)",
                task.Id, task.App, task.Service, task.ServiceId, task.Slot, Columns.Ticks(task.CreatedAt), task.NodeId, Final(task),
                Columns.Ticks(task.DirtySince), Columns.Ticks(task.InstructDueAt), Columns.Json(task), State(task)) == 0).Select(task => task.Id).ToHashSet(),
            cancellation);

    public Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(
            session => tasks.Where(task => session.Execute(
                "UPDATE tasks SET version = version + 1, node_id = $3, final = $4, dirty_since = $5, instruct_due_at = $6, body = $7, state = $8 WHERE id = $1 AND version = $2",
                task.Id, task.Version, task.NodeId, Final(task), Columns.Ticks(task.DirtySince), Columns.Ticks(task.InstructDueAt), Columns.Json(task), State(task)) == 0)
                .Select(task => task.Id).ToHashSet(),
            cancellation);

    public Task ClearDirtyAsync(IReadOnlyList<(string TaskId, long Version)> tasks, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var (taskId, version) in tasks)
                {
                    session.Execute("UPDATE tasks SET dirty_since = NULL WHERE id = $1 AND version = $2", taskId, version);
                }
            },
            cancellation);

    public Task DeleteManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        database.WriteAsync(session => { session.Execute("DELETE FROM tasks WHERE id IN (SELECT value FROM json_each($1))", Columns.Json(taskIds)); }, cancellation);

    private static Func<SqliteSession, IReadOnlyList<TaskDocument>> List(string where, params object?[] parameters) =>
        session => session.Query(Select + where, Read, parameters);

    private static string State(TaskDocument task) => task.State.ToString();

    private static int Final(TaskDocument task) => task.State.IsFinal() ? 1 : 0;

    private static TaskDocument Read(SqliteDataReader reader) =>
        reader.Document<TaskDocument>(2) with { Version = reader.GetInt64(0), DirtySince = reader.Time(1) };
}
