using Microsoft.Data.Sqlite;
using Orchestrator.Contracts;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteTaskStore(SqliteDatabase database) : ITaskStore
{
    private const string Select = "SELECT id, version, created_at, dirty_since, body FROM tasks ";
    private readonly SqliteTaskCache _cache = new();

    public Task<TaskDocument?> FindAsync(string taskId, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Query(Select + "WHERE id = $1", Read, taskId).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<TaskDocument>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE id >= $1 AND id < $1 || 'z' ORDER BY id LIMIT $2", prefix, limit), cancellation);

    public Task<IReadOnlyList<TaskDocument>> FindManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE id IN (SELECT value FROM json_each($1))", Columns.Json(taskIds)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListByServiceAsync(string serviceId, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE service_id = $1 ORDER BY slot, created_at", serviceId), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListByServicesAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE service_id IN (SELECT value FROM json_each($1)) ORDER BY service_id, slot, created_at", Columns.Json(serviceIds)), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListLiveByNodeAsync(string nodeId, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE node_id = $1 AND final = 0", nodeId), cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListLiveByNodesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.ReadAsync(List("WHERE final = 0 AND node_id IN (SELECT value FROM json_each($1))", Columns.Json(nodeIds)), cancellation);

    public Task<ILookup<string, string>> ListLiveIdsByNodesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(
                "SELECT node_id, id FROM tasks WHERE final = 0 AND node_id IN (SELECT value FROM json_each($1))", reader => (Node: reader.GetString(0), Id: reader.GetString(1)), Columns.Json(nodeIds))
                .ToLookup(row => row.Node, row => row.Id),
            cancellation);

    public Task<IReadOnlyList<TaskDocument>> ListAsync(string? app, string? service, CancellationToken cancellation) => (app, service) switch
    {
        (null, _) => database.ReadAsync(List("ORDER BY app, service, slot, created_at"), cancellation),
        (_, null) => database.ReadAsync(List("WHERE app = $1 ORDER BY app, service, slot, created_at", app), cancellation),
        _ => database.ReadAsync(List("WHERE app = $1 AND service = $2 ORDER BY app, service, slot, created_at", app, service), cancellation),
    };

    public Task<IReadOnlyList<TaskDocument>> PageAsync(string? app, string? service, bool finalToo, TaskPlace? after, int limit, CancellationToken cancellation)
    {
        var which = (app, service) switch { (null, _) => "", (_, null) => " AND app = $7", _ => " AND app = $7 AND service = $8" };
        return database.ReadAsync(
            List(
                "WHERE (app, service, slot, created_at, id) > ($1, $2, $3, $4, $5)" + which + (finalToo ? "" : " AND final = 0") + " ORDER BY app, service, slot, created_at, id LIMIT $6",
                [after?.App ?? app ?? "", after?.Service ?? service ?? "", after?.Slot ?? int.MinValue, after is null ? 0 : Columns.Ticks(after.CreatedAt), after?.Id ?? "", limit,
                    .. app is null ? [] : new object?[] { app }, .. app is null || service is null ? [] : new object?[] { service }]),
            cancellation);
    }

    public Task<IReadOnlyList<TaskCount>> CountByServiceAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<TaskCount>>(
            session => session.Query(
                """
                SELECT service_id, state, desired, ready, node_lost, COUNT(*) FROM tasks
                WHERE service_id IN (SELECT value FROM json_each($1)) GROUP BY service_id, state, desired, ready, node_lost
                """,
                reader => new TaskCount(
                    reader.GetString(0), Enum.Parse<TaskState>(reader.GetString(1)), Enum.Parse<DesiredState>(reader.GetString(2)), reader.GetInt64(3) == 1, reader.GetInt64(4) == 1, reader.GetInt64(5)),
                Columns.Json(serviceIds)),
            cancellation);

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

    public async Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation)
    {
        var bodies = Bodies(tasks);
        var there = await database.WriteAsync<IReadOnlySet<string>>(
            session => tasks.Where((task, place) => session.Execute(
                "INSERT OR IGNORE INTO tasks VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $11, $12, $13, $14, $15)",
                task.Id, task.App, task.Service, task.ServiceId, task.Slot, Columns.Ticks(task.CreatedAt), task.NodeId, Final(task),
                Columns.Ticks(task.DirtySince), Columns.Ticks(task.InstructDueAt), bodies[place], State(task), Desired(task), task.Ready ? 1 : 0, task.NodeLost ? 1 : 0) == 0)
                .Select(task => task.Id).ToHashSet(),
            cancellation);
        Keep(tasks.Where(task => !there.Contains(task.Id)).Select(task => task with { Version = 1 }));
        return there;
    }

    public async Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation)
    {
        var bodies = Bodies(tasks);
        var lost = await database.WriteAsync<IReadOnlySet<string>>(
            session => tasks.Where((task, place) => session.Execute(
                """
                UPDATE tasks SET version = version + 1, node_id = $3, final = $4, dirty_since = $5, instruct_due_at = $6, body = $7, state = $8, desired = $9, ready = $10, node_lost = $11
                WHERE id = $1 AND version = $2
                """,
                task.Id, task.Version, task.NodeId, Final(task), Columns.Ticks(task.DirtySince), Columns.Ticks(task.InstructDueAt), bodies[place], State(task),
                Desired(task), task.Ready ? 1 : 0, task.NodeLost ? 1 : 0) == 0)
                .Select(task => task.Id).ToHashSet(),
            cancellation);
        Keep(tasks.Where(task => !lost.Contains(task.Id)).Select(task => task with { Version = task.Version + 1 }));
        return lost;
    }

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

    /// <summary>Written out here: the one thread that writes has enough to do.</summary>
    private static List<string> Bodies(IReadOnlyList<TaskDocument> tasks) => [.. tasks.Select(Columns.Json)];

    private Func<SqliteSession, IReadOnlyList<TaskDocument>> List(string where, params object?[] parameters) =>
        session => session.Query(Select + where, Read, parameters);

    private static string Desired(TaskDocument task) => task.Desired.ToString();

    private static string State(TaskDocument task) => task.State.ToString();

    private static int Final(TaskDocument task) => task.State.IsFinal() ? 1 : 0;

    /// <summary>Only what is committed: a write that failed would leave a version that another may come to have.</summary>
    private void Keep(IEnumerable<TaskDocument> stored)
    {
        foreach (var task in stored)
        {
            _cache.Keep(task);
        }
    }

    private TaskDocument Read(SqliteDataReader reader)
    {
        var (id, version, createdAt, dirtySince) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.Time(3));
        if (_cache.Find(id, version, createdAt) is not { } task)
        {
            task = reader.Document<TaskDocument>(4) with { Version = version };
            _cache.Keep(task);
        }

        return task.DirtySince == dirtySince ? task : task with { DirtySince = dirtySince };
    }
}
