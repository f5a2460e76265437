using Microsoft.Data.Sqlite;

namespace Orchestrator.State.Sqlite;

/// <summary>All tables and indexes. A document is JSON in <c>body</c>; columns hold what is searched or changed alone, and win over the body.</summary>
internal static class SqliteSchema
{
    /// <summary>What each version adds to the one before it: an older file takes the steps it lacks, a new one takes them all.</summary>
    private static readonly string[] Steps = [First, LeasesAndEpochs, JoinTokens, TaskStates, ReservationDetails, RolloutsDue, ServicesKeepingAway, ListsAndCounts, RemovedNodes];

    public static int Version => Steps.Length;

    private const string LeasesAndEpochs =
        """
        ALTER TABLE node_liveness ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE leases (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        """;

    private const string First =
        """
        CREATE TABLE apps (id TEXT PRIMARY KEY, version INTEGER NOT NULL, dirty_since INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX apps_dirty ON apps (dirty_since) WHERE dirty_since IS NOT NULL;

        CREATE TABLE services (
            id TEXT PRIMARY KEY, app TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
            dirty_since INTEGER, due_at INTEGER, unschedulable INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX services_app ON services (app, name);
        CREATE INDEX services_dirty ON services (dirty_since) WHERE dirty_since IS NOT NULL;
        CREATE INDEX services_due ON services (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX services_unschedulable ON services (app, name) WHERE unschedulable = 1;

        CREATE TABLE revisions (service_id TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (service_id, number)) WITHOUT ROWID;

        CREATE TABLE tasks (
            id TEXT PRIMARY KEY, app TEXT NOT NULL, service TEXT NOT NULL, service_id TEXT NOT NULL, slot INTEGER NOT NULL,
            created_at INTEGER NOT NULL, node_id TEXT, final INTEGER NOT NULL, version INTEGER NOT NULL,
            dirty_since INTEGER, instruct_due_at INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX tasks_service ON tasks (service_id);
        CREATE INDEX tasks_listing ON tasks (app, service, slot, created_at);
        CREATE INDEX tasks_live ON tasks (node_id) WHERE final = 0;
        CREATE INDEX tasks_dirty ON tasks (dirty_since) WHERE dirty_since IS NOT NULL;
        CREATE INDEX tasks_instruct ON tasks (instruct_due_at) WHERE instruct_due_at IS NOT NULL;

        CREATE TABLE rollouts (
            id TEXT PRIMARY KEY, service_id TEXT NOT NULL, to_revision INTEGER NOT NULL, started_at INTEGER NOT NULL,
            version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX rollouts_service ON rollouts (service_id, to_revision);

        CREATE TABLE nodes (id TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE reservations (
            node_id TEXT NOT NULL, task_id TEXT NOT NULL, cpus REAL NOT NULL, memory_bytes INTEGER NOT NULL, reserved_at INTEGER NOT NULL,
            PRIMARY KEY (node_id, task_id)) WITHOUT ROWID;

        CREATE TABLE node_liveness (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE health_history (number INTEGER PRIMARY KEY, task_id TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX health_history_task ON health_history (task_id, number);
        CREATE INDEX health_history_at ON health_history (at);

        CREATE TABLE commands (
            id TEXT PRIMARY KEY, app TEXT NOT NULL, place INTEGER NOT NULL, answered INTEGER NOT NULL, publish_due_at INTEGER NOT NULL,
            body TEXT NOT NULL) WITHOUT ROWID;
        CREATE UNIQUE INDEX commands_place ON commands (app, place);
        CREATE INDEX commands_due ON commands (publish_due_at) WHERE answered = 0;

        CREATE TABLE command_results (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, occurred_at INTEGER NOT NULL,
            app TEXT, service TEXT, task_id TEXT, node_id TEXT, command_id TEXT, body TEXT NOT NULL);
        CREATE INDEX events_at ON events (occurred_at);
        CREATE INDEX events_command ON events (command_id) WHERE command_id IS NOT NULL;

        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counters VALUES ('events', 0);

        CREATE TABLE tokens (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
        """;

    private const string JoinTokens =
        """
        CREATE TABLE join_tokens (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX join_tokens_expiry ON join_tokens (expires_at);
        """;

    /// <summary>To count by. No generated column: the index of one does not spare the read of the body.</summary>
    private const string TaskStates =
        """
        ALTER TABLE tasks ADD COLUMN state TEXT NOT NULL DEFAULT '';
        UPDATE tasks SET state = json_extract(body, '$.state');
        CREATE INDEX tasks_state ON tasks (state);
        """;

    /// <summary>All of a reservation as JSON; rows of earlier versions have none.</summary>
    private const string ReservationDetails = "ALTER TABLE reservations ADD COLUMN body TEXT;";

    private const string RolloutsDue =
        """
        ALTER TABLE rollouts ADD COLUMN due_at INTEGER;
        CREATE INDEX rollouts_due ON rollouts (due_at) WHERE due_at IS NOT NULL;
        """;

    private const string ServicesKeepingAway = "CREATE INDEX services_keeping_away ON services (app, name) WHERE json_extract(body, '$.keepsAway[0]') IS NOT NULL;";

    /// <summary>
    /// Lists by pages, and counts of a service's tasks by an index alone. Tasks stand in the order in which they were made, so that those made together
    /// share pages: their ids are without order, and their rows are wide.
    /// </summary>
    private const string ListsAndCounts =
        """
        ALTER TABLE tasks RENAME TO tasks_before;
        DROP INDEX IF EXISTS tasks_service;
        DROP INDEX IF EXISTS tasks_listing;
        DROP INDEX IF EXISTS tasks_live;
        DROP INDEX IF EXISTS tasks_dirty;
        DROP INDEX IF EXISTS tasks_instruct;
        DROP INDEX IF EXISTS tasks_state;
        CREATE TABLE tasks (
            id TEXT NOT NULL, app TEXT NOT NULL, service TEXT NOT NULL, service_id TEXT NOT NULL, slot INTEGER NOT NULL,
            created_at INTEGER NOT NULL, node_id TEXT, final INTEGER NOT NULL, version INTEGER NOT NULL,
            dirty_since INTEGER, instruct_due_at INTEGER, body TEXT NOT NULL, state TEXT NOT NULL,
            desired TEXT NOT NULL, ready INTEGER NOT NULL, node_lost INTEGER NOT NULL);
        INSERT INTO tasks SELECT
            id, app, service, service_id, slot, created_at, node_id, final, version, dirty_since, instruct_due_at, body, state,
            COALESCE(json_extract(body, '$.desired'), 'Run'), COALESCE(json_extract(body, '$.ready'), 0), COALESCE(json_extract(body, '$.nodeLost'), 0)
            FROM tasks_before ORDER BY service_id, slot;
        DROP TABLE tasks_before;
        CREATE UNIQUE INDEX tasks_id ON tasks (id);
        CREATE INDEX tasks_counts ON tasks (service_id, state, desired, ready, node_lost);
        CREATE INDEX tasks_listing ON tasks (app, service, slot, created_at, id);
        CREATE INDEX tasks_live ON tasks (node_id, id) WHERE final = 0;
        CREATE INDEX tasks_dirty ON tasks (dirty_since) WHERE dirty_since IS NOT NULL;
        CREATE INDEX tasks_instruct ON tasks (instruct_due_at) WHERE instruct_due_at IS NOT NULL;
        CREATE INDEX tasks_state ON tasks (state);
        CREATE INDEX nodes_name ON nodes (name, id);
        """;

    private const string RemovedNodes =
        """
        CREATE TABLE removed_nodes (id TEXT PRIMARY KEY, agent_epoch INTEGER NOT NULL, removed_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX removed_nodes_at ON removed_nodes (removed_at);
        """;

    /// <exception cref="InvalidOperationException">The file was written by a newer version.</exception>
    public static void Prepare(SqliteSession session, string path)
    {
        var found = session.Scalar("PRAGMA user_version");
        if (found > Steps.Length)
        {
            throw new InvalidOperationException($"{path} has schema {found}, this program knows {Steps.Length}; start the newer program, or restore an older file");
        }

        if (found < Steps.Length)
        {
            session.Execute("BEGIN IMMEDIATE");
            foreach (var step in Steps.Skip((int)found))
            {
                session.Execute(step);
            }

            session.Execute($"PRAGMA user_version = {Steps.Length}");
            session.Execute("COMMIT");
        }
    }
}
