using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

internal sealed class SqliteHistoryStore(SqliteDatabase database) : IHistoryStore
{
    private const string Select = "SELECT sequence, event_id, type, occurred_at, app, service, task_id, node_id, command_id, body FROM events ";
    private const string Passes = "($1 IS NULL OR app = $1) AND ($2 IS NULL OR service = $2) AND ($3 IS NULL OR type = $3) AND ($4 IS NULL OR command_id = $4) AND ($5 IS NULL OR occurred_at >= $5) ";

    public Task<long> AppendAsync(IReadOnlyList<HistoryEvent> events, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                var before = session.Scalar("SELECT value FROM counters WHERE name = 'events'");
                var last = before;
                foreach (var item in events)
                {
                    last += session.Execute(
                        "INSERT OR IGNORE INTO events VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                        last + 1, item.EventId, item.Type, Columns.Ticks(item.OccurredAt), item.App, item.Service, item.TaskId, item.NodeId, item.CommandId, item.Body);
                }

                if (last != before)
                {
                    session.Execute("UPDATE counters SET value = $1 WHERE name = 'events'", last);
                }

                return last;
            },
            cancellation);

    public Task<IReadOnlyList<HistoryEvent>> ReadAsync(long after, HistoryFilter filter, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<HistoryEvent>>(
            session => session.Query(
                Select + "WHERE " + Passes + "AND sequence > $6 ORDER BY sequence LIMIT $7", Read,
                filter.App, filter.Service, filter.Type, filter.CommandId, Columns.Ticks(filter.Since), after, limit),
            cancellation);

    public Task<IReadOnlyList<HistoryEvent>> ReadNewestAsync(HistoryFilter filter, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<HistoryEvent>>(
            session =>
            {
                var rows = session.Query(
                    Select + "WHERE " + Passes + "ORDER BY sequence DESC LIMIT $6", Read,
                    filter.App, filter.Service, filter.Type, filter.CommandId, Columns.Ticks(filter.Since), limit);
                rows.Reverse();
                return rows;
            },
            cancellation);

    public Task<long> LastSequenceAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => session.Scalar("SELECT value FROM counters WHERE name = 'events'"), cancellation);

    public Task DeleteBeforeAsync(DateTimeOffset time, long kept, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM events WHERE occurred_at < $1", Columns.Ticks(time));
                session.Execute("DELETE FROM events WHERE sequence <= (SELECT value FROM counters WHERE name = 'events') - $1", kept);
            },
            cancellation);

    private static HistoryEvent Read(SqliteDataReader reader) => new()
    {
        Sequence = reader.GetInt64(0),
        EventId = reader.GetString(1),
        Type = reader.GetString(2),
        OccurredAt = reader.Time(3)!.Value,
        App = Text(reader, 4),
        Service = Text(reader, 5),
        TaskId = Text(reader, 6),
        NodeId = Text(reader, 7),
        CommandId = Text(reader, 8),
        Body = reader.GetString(9),
    };

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
