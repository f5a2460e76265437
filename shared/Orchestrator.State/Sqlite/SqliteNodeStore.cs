using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

/// <summary>Reservations have a table of their own: setting one aside costs the same however many there are.</summary>
internal sealed class SqliteNodeStore(SqliteDatabase database) : INodeStore
{
    private const string Select = "SELECT id, version, body FROM nodes ";

    public Task<NodeDocument?> FindAsync(string nodeId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query(Select + "WHERE id = $1", Read, nodeId).Select(node => WithReservations(session, node)).FirstOrDefault(), cancellation);

    public Task<IReadOnlyList<NodeDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<NodeDocument>>(
            session => [.. session.Query(Select + "WHERE id IN (SELECT value FROM json_each($1))", Read, Columns.Json(nodeIds)).Select(node => WithReservations(session, node))],
            cancellation);

    public Task<IReadOnlyList<NodeDocument>> FindByNameAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<NodeDocument>>(
            session => [.. session.Query(Select + "WHERE name = $1 ORDER BY id", Read, name).Select(node => WithReservations(session, node))], cancellation);

    public Task<IReadOnlyDictionary<string, string>> FindNamesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyDictionary<string, string>>(
            session => session.Query("SELECT id, name FROM nodes WHERE id IN (SELECT value FROM json_each($1))", reader => KeyValuePair.Create(reader.GetString(0), reader.GetString(1)), Columns.Json(nodeIds)).ToDictionary(),
            cancellation);

    public Task<IReadOnlyList<ReservedNode>> PageAsync((string Name, string Id)? after, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<ReservedNode>>(
            session =>
            {
                var page = session.Query(Select + "WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3", Read, after?.Name ?? "", after?.Id ?? "", limit).ToList();
                var sums = session.Query(
                    "SELECT node_id, COUNT(*), SUM(cpus), SUM(memory_bytes) FROM reservations WHERE node_id IN (SELECT value FROM json_each($1)) GROUP BY node_id",
                    reader => (Node: reader.GetString(0), Tasks: reader.GetInt32(1), Cpus: reader.GetDouble(2), MemoryBytes: reader.GetInt64(3)),
                    Columns.Json(page.Select(node => node.Id))).ToDictionary(sum => sum.Node);
                return [.. page.Select(node => sums.TryGetValue(node.Id, out var sum) ? new ReservedNode(node, sum.Tasks, sum.Cpus, sum.MemoryBytes) : new ReservedNode(node, 0, 0, 0))];
            },
            cancellation);

    public Task<IReadOnlyDictionary<string, long>> ListVersionsAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyDictionary<string, long>>(
            session => session.Query("SELECT id, version FROM nodes", reader => KeyValuePair.Create(reader.GetString(0), reader.GetInt64(1))).ToDictionary(), cancellation);

    public Task<IReadOnlyList<NodeDocument>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<NodeDocument>>(
            session => [.. session.Query(Select + "ORDER BY name, id", Read).Select(node => WithReservations(session, node))], cancellation);

    public Task<bool> TryInsertAsync(NodeDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute("INSERT OR IGNORE INTO nodes VALUES ($1, $2, 1, $3)", document.Id, document.Name, Body(document)) == 1, cancellation);

    public Task<bool> TryReplaceAsync(NodeDocument document, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                "UPDATE nodes SET version = version + 1, name = $3, body = $4 WHERE id = $1 AND version = $2",
                document.Id, document.Version, document.Name, Body(document)) == 1,
            cancellation);

    public Task<bool> TryRemoveAsync(NodeDocument document, DateTimeOffset now, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                if (session.Execute("DELETE FROM nodes WHERE id = $1 AND version = $2", document.Id, document.Version) == 0)
                {
                    return false;
                }

                session.Execute("DELETE FROM reservations WHERE node_id = $1", document.Id);
                session.Execute("INSERT OR REPLACE INTO removed_nodes VALUES ($1, $2, $3)", document.Id, document.AgentEpoch, Columns.Ticks(now));
                session.Execute("DELETE FROM removed_nodes WHERE removed_at < $1", Columns.Ticks(now - RemovedNode.KeptFor));
                return true;
            },
            cancellation);

    public Task<long?> FindRemovedEpochAsync(string nodeId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query("SELECT agent_epoch FROM removed_nodes WHERE id = $1", reader => (long?)reader.GetInt64(0), nodeId).FirstOrDefault(), cancellation);

    public Task<bool> TryReserveAsync(
        string nodeId, long version, IReadOnlyDictionary<string, Reservation> add, IReadOnlyList<string> remove, CancellationToken cancellation) =>
        database.WriteAsync(session => TryReserve(session, nodeId, version, add, remove), cancellation);

    public Task<IReadOnlySet<string>> ReserveManyAsync(IReadOnlyList<ReservationChange> changes, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlySet<string>>(
            session => changes.Where(change => !TryReserve(session, change.NodeId, change.Version, change.Add, [])).Select(change => change.NodeId).ToHashSet(), cancellation);

    public Task ReleaseAsync(IReadOnlyList<(string NodeId, string TaskId)> reservations, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                foreach (var (nodeId, taskId) in reservations)
                {
                    if (session.Execute("DELETE FROM reservations WHERE node_id = $1 AND task_id = $2", nodeId, taskId) == 1)
                    {
                        session.Execute("UPDATE nodes SET version = version + 1 WHERE id = $1", nodeId);
                    }
                }
            },
            cancellation);

    private static bool TryReserve(SqliteSession session, string nodeId, long version, IReadOnlyDictionary<string, Reservation> add, IReadOnlyList<string> remove)
    {
        if (session.Execute("UPDATE nodes SET version = version + 1 WHERE id = $1 AND version = $2", nodeId, version) == 0)
        {
            return false;
        }

        // Equal tasks share one reservation: it is written out once. The time has a column of its own, so that all of a service are alike.
        var bodies = add.Values.Distinct(ReferenceEqualityComparer.Instance).Cast<Reservation>()
            .ToDictionary<Reservation, Reservation, string>(reservation => reservation, reservation => Columns.Json(reservation with { ReservedAt = default }), ReferenceEqualityComparer.Instance);
        foreach (var (taskId, reservation) in add)
        {
            session.Execute(
                "INSERT OR REPLACE INTO reservations VALUES ($1, $2, $3, $4, $5, $6)",
                nodeId, taskId, reservation.Cpus, reservation.MemoryBytes, Columns.Ticks(reservation.ReservedAt), bodies[reservation]);
        }

        foreach (var taskId in remove)
        {
            session.Execute("DELETE FROM reservations WHERE node_id = $1 AND task_id = $2", nodeId, taskId);
        }

        return true;
    }

    private static string Body(NodeDocument document) => Columns.Json(document with { Reservations = new Dictionary<string, Reservation>() });

    private static NodeDocument Read(SqliteDataReader reader) => reader.Document<NodeDocument>(2) with { Version = reader.GetInt64(1) };

    private static NodeDocument WithReservations(SqliteSession session, NodeDocument node)
    {
        var known = new Dictionary<string, Reservation>(StringComparer.Ordinal);
        return node with
        {
            Reservations = session.Query(
                "SELECT task_id, cpus, memory_bytes, reserved_at, body FROM reservations WHERE node_id = $1",
                reader => KeyValuePair.Create(reader.GetString(0), Reservation(reader, known)),
                node.Id).ToDictionary(),
        };
    }

    private static Reservation Reservation(SqliteDataReader reader, Dictionary<string, Reservation> known)
    {
        var reservedAt = reader.Time(3)!.Value;
        if (reader.IsDBNull(4))
        {
            return new Reservation { Cpus = reader.GetDouble(1), MemoryBytes = reader.GetInt64(2), ReservedAt = reservedAt };
        }

        var body = reader.GetString(4);
        if (!known.TryGetValue(body, out var reservation))
        {
            known[body] = reservation = reader.Document<Reservation>(4);
        }

        return reservation with { ReservedAt = reservedAt };
    }
}
