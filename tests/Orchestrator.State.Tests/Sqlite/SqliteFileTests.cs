using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orchestrator.State.Tests.Sqlite;

/// <summary>What the file itself promises.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-state-").FullName;

    private string FilePath => Path.Combine(_folder, "state.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WhatWasAnswered_IsThereAfterTheProcessIsGone()
    {
        await using (var first = Open())
        {
            await first.GetRequiredService<IAppStore>().TryInsertAsync(Documents.App("kept"), CancellationToken.None);
        }

        await using var second = Open();
        Assert.NotNull(await second.GetRequiredService<IAppStore>().FindAsync("kept", CancellationToken.None));
    }

    [Fact]
    public async Task ASecondUser_IsRefused()
    {
        await using var first = Open();
        first.GetRequiredService<IAppStore>();
        await using var second = Open();
        var refused = Assert.Throws<IOException>(() => second.GetRequiredService<IAppStore>());
        Assert.Contains("is in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileOfANewerVersion_IsRefused_AndLeftAsItIs()
    {
        await using (var first = Open())
        {
            first.GetRequiredService<IAppStore>();
        }

        await SetVersionAsync(9999);
        await using var second = Open();
        var refused = Assert.Throws<InvalidOperationException>(() => second.GetRequiredService<IAppStore>());
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileOfTheFirstVersion_IsBroughtUpToDate_WithWhatIsInIt()
    {
        await ExecuteAsync(
            "CREATE TABLE node_liveness (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID; "
            + """INSERT INTO node_liveness VALUES ('n1', '{"id":"n1","liveness":"Lost","lastSeenAt":"2026-11-24T12:00:00+00:00","changedAt":"2026-11-24T12:00:00+00:00"}'); """
            + "CREATE TABLE tasks (id TEXT PRIMARY KEY, app TEXT NOT NULL DEFAULT 'shop', service TEXT NOT NULL DEFAULT 'web', service_id TEXT NOT NULL, slot INTEGER NOT NULL DEFAULT 1, "
            + "created_at INTEGER NOT NULL DEFAULT 0, node_id TEXT, final INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1, dirty_since INTEGER, instruct_due_at INTEGER, body TEXT NOT NULL) WITHOUT ROWID; "
            + "CREATE INDEX tasks_service ON tasks (service_id); "
            + """INSERT INTO tasks (id, service_id, body) VALUES ('t1', 's1', '{"id":"t1","state":"Running","desired":"Run","ready":true}'), ('t2', 's1', '{"id":"t2","state":"Running"}'); """
            + "CREATE TABLE nodes (id TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID; "
            + """INSERT INTO nodes VALUES ('n1', 'n1', 1, '{"id":"n1","name":"n1","capacity":{"cpus":2,"memoryBytes":1024},"platform":{"os":"linux","architecture":"x86_64"},"engine":{"version":"1","apiVersion":"1"},"joinedAt":"2026-11-24T12:00:00+00:00","updatedAt":"2026-11-24T12:00:00+00:00"}'); """
            + "CREATE TABLE reservations (node_id TEXT NOT NULL, task_id TEXT NOT NULL, cpus REAL NOT NULL, memory_bytes INTEGER NOT NULL, reserved_at INTEGER NOT NULL, PRIMARY KEY (node_id, task_id)) WITHOUT ROWID; "
            + "INSERT INTO reservations VALUES ('n1', 't1', 0.5, 64, 0); "
            + "CREATE TABLE services (id TEXT PRIMARY KEY, app TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, dirty_since INTEGER, due_at INTEGER, unschedulable INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID; "
            + """INSERT INTO services VALUES ('s1', 'shop', 'web', 1, NULL, NULL, 0, '{"id":"s1","app":"shop","name":"web","revision":1,"replicas":1,"createdAt":"2026-11-24T12:00:00+00:00","updatedAt":"2026-11-24T12:00:00+00:00"}'); """
            + "CREATE TABLE rollouts (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID; "
            + "PRAGMA user_version = 1");
        await using var services = Open();
        var node = (await services.GetRequiredService<INodeStore>().FindAsync("n1", CancellationToken.None))!;
        Assert.Equal(new Reservation { Cpus = 0.5, MemoryBytes = 64, ReservedAt = DateTimeOffset.MinValue }, Assert.Single(node.Reservations).Value);
        Assert.Equal((1.0, 0L), (node.Capacity.OvercommitCpus, node.Capacity.SystemMemoryBytes));
        Assert.Equal([KeyValuePair.Create(Contracts.TaskState.Running, 2L)], await services.GetRequiredService<ITaskStore>().CountByStateAsync(CancellationToken.None));
        Assert.Equal([1L, 1L], (await services.GetRequiredService<ITaskStore>().CountByServiceAsync(["s1"], CancellationToken.None)).OrderBy(count => count.Ready).Select(count => count.Count));
        var kept = Assert.Single(await services.GetRequiredService<INodeLivenessStore>().ListAsync(CancellationToken.None));
        Assert.Equal(("n1", Contracts.NodeLiveness.Lost, 0), (kept.Id, kept.Liveness, kept.Epoch));
        Assert.Empty(await services.GetRequiredService<INodeLivenessStore>().PutManyAsync([kept with { Epoch = 1 }], CancellationToken.None));
        Assert.Null(await services.GetRequiredService<ILeaseStore>().FindAsync("any", CancellationToken.None));
        Assert.Empty(await services.GetRequiredService<IServiceStore>().ListBesideAsync([], CancellationToken.None));
        Assert.Empty(Assert.Single(await services.GetRequiredService<IServiceStore>().ListAsync("shop", CancellationToken.None)).KeepsAway);
    }

    [Fact]
    public async Task WhatIsStored_ComesBackWhole_FromAFileOpenedAgain()
    {
        var task = Documents.Task("whole", dirtySince: Documents.Now, instructDueAt: Documents.Now) with { ExitCode = 3, EngineSeconds = 0.25, Message = "m", NodeLost = true, LastLines = ["last"] };
        await using (var services = Open())
        {
            await services.GetRequiredService<ITaskStore>().InsertManyAsync([task, task with { Id = "bare", Message = null, ExitCode = null, NodeId = null }], CancellationToken.None);
            Assert.Empty(await services.GetRequiredService<ITaskStore>().ReplaceManyAsync([task with { Version = 1, Image = "web:2" }], CancellationToken.None));
        }

        await using var again = Open();
        Assert.Equivalent(task with { Version = 2, Image = "web:2" }, await again.GetRequiredService<ITaskStore>().FindAsync("whole", CancellationToken.None), strict: true);
        Assert.Equivalent(task with { Id = "bare", Version = 1, Message = null, ExitCode = null, NodeId = null }, await again.GetRequiredService<ITaskStore>().FindAsync("bare", CancellationToken.None), strict: true);
    }

    [Fact]
    public async Task WritesAtOnce_ShareCommits()
    {
        await using var services = Open();
        var apps = services.GetRequiredService<IAppStore>();
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => apps.TryInsertAsync(Documents.App($"a{i}"), CancellationToken.None)));
        Assert.Equal(2000, (await apps.ListAsync(CancellationToken.None)).Count);
        var commits = services.GetRequiredService<State.Sqlite.SqliteDatabase>().Commits;
        Assert.InRange(commits, 1, 500);
    }

    /// <summary>Writes that come together share a commit, and its fate: none of them is half stored.</summary>
    [Fact]
    public async Task WithoutRoom_WritesAreRefusedWhole_OneLineIsLogged_AndAllGoesOnWhenThereIsRoomAgain()
    {
        var log = new KeptLog();
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log)).AddSqliteState(FilePath).BuildServiceProvider();
        var (apps, tasks) = (services.GetRequiredService<IAppStore>(), services.GetRequiredService<ITaskStore>());
        var database = services.GetRequiredService<State.Sqlite.SqliteDatabase>();
        await apps.TryInsertAsync(Documents.App("kept"), CancellationToken.None);
        await LimitAsync(database, pages: 1);

        var large = Enumerable.Range(0, 200).Select(i => Documents.Task($"t{i}") with { Message = new string('x', 4000) }).ToList();
        var refused = await Assert.ThrowsAsync<StoreFullException>(() => tasks.InsertManyAsync(large, CancellationToken.None));
        Assert.Equal($"there is no room for the database {FilePath}: make room on its disk", refused.Message);
        await Assert.ThrowsAsync<StoreFullException>(() => tasks.InsertManyAsync(large, CancellationToken.None));
        Assert.Empty(await tasks.CountByStateAsync(CancellationToken.None));
        Assert.NotNull(await apps.FindAsync("kept", CancellationToken.None));

        await LimitAsync(database, pages: int.MaxValue);
        await tasks.InsertManyAsync(large, CancellationToken.None);
        Assert.Equal(200, (await tasks.CountByStateAsync(CancellationToken.None)).Values.Sum());
        Assert.Equal(["Nothing can be stored: " + refused.Message + "; it is tried again until there is room"], log.Lines);
    }

    /// <summary>The file may have so many pages; never fewer than it has.</summary>
    private static Task LimitAsync(State.Sqlite.SqliteDatabase database, int pages) =>
        database.WriteAsync(session => session.Scalar($"PRAGMA max_page_count = {pages}"), CancellationToken.None);

    private ServiceProvider Open() => new ServiceCollection().AddSqliteState(FilePath).BuildServiceProvider();

    private Task SetVersionAsync(int version) => ExecuteAsync($"PRAGMA user_version = {version}");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={FilePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
