using Orchestrator.Contracts;

namespace Orchestrator.State.Tests.Suite;

public abstract class TaskStoreSuite(StoreFixture fixture)
{
    private readonly ITaskStore _tasks = fixture.Store<ITaskStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task WhatIsStored_ComesBackWhole()
    {
        var task = Documents.Task("whole1", dirtySince: Documents.Now, instructDueAt: Documents.Now) with { ExitCode = 3, EngineSeconds = 0.25, Message = "m", NodeLost = true };
        Assert.Empty(await _tasks.InsertManyAsync([task], None));
        Assert.Equivalent(task with { Version = 1 }, await _tasks.FindAsync("whole1", None), strict: true);
    }

    [Fact]
    public async Task AnInsert_TellsWhichWereThere_AndStoresTheOthers()
    {
        await _tasks.InsertManyAsync([Documents.Task("i1")], None);
        var there = await _tasks.InsertManyAsync([Documents.Task("i1") with { Image = "other" }, Documents.Task("i2")], None);
        Assert.Equal(["i1"], there);
        Assert.Equal("web:1", (await _tasks.FindAsync("i1", None))!.Image);
        Assert.NotNull(await _tasks.FindAsync("i2", None));
    }

    [Fact]
    public async Task AReplace_TellsWhichLost_AndStoresTheOthers()
    {
        await _tasks.InsertManyAsync([Documents.Task("p1"), Documents.Task("p2")], None);
        var (one, two) = ((await _tasks.FindAsync("p1", None))!, (await _tasks.FindAsync("p2", None))!);
        await _tasks.ReplaceManyAsync([one with { State = TaskState.Failed }], None);
        var lost = await _tasks.ReplaceManyAsync([one with { State = TaskState.Stopped }, two with { State = TaskState.Stopped }, Documents.Task("p3") with { Version = 1 }], None);
        Assert.Equal(["p1", "p3"], lost.Order());
        Assert.Equal((TaskState.Failed, 2L), (await _tasks.FindAsync("p1", None)) is { } first ? (first.State, first.Version) : default);
        Assert.Equal((TaskState.Stopped, 2L), (await _tasks.FindAsync("p2", None)) is { } second ? (second.State, second.Version) : default);
    }

    [Fact]
    public async Task OfABatch_EachRaceIsWonOnce()
    {
        var batch = Enumerable.Range(0, 100).Select(i => Documents.Task($"race{i:D3}")).ToList();
        await _tasks.InsertManyAsync(batch, None);
        var stored = await _tasks.FindManyAsync([.. batch.Select(task => task.Id)], None);
        var lost = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => _tasks.ReplaceManyAsync([.. stored.Select(task => task with { Message = $"{i}" })], None))));
        Assert.Equal(7 * 100, lost.Sum(set => set.Count));
    }

    [Fact]
    public async Task Some_AreFoundById_ByPrefix_ByNode_ByService()
    {
        await _tasks.InsertManyAsync(
            [Documents.Task("fa1", "find", 2, "find-n"), Documents.Task("fa2", "find", 1, "find-n", TaskState.Failed), Documents.Task("fb3", "find", 3, null, TaskState.Pending)], None);
        Assert.Equal(["fa1", "fb3"], (await _tasks.FindManyAsync(["fa1", "fb3", "none"], None)).Select(task => task.Id).Order());
        Assert.Equal(["fa1", "fa2"], (await _tasks.FindByPrefixAsync("fa", 5, None)).Select(task => task.Id).Order());
        Assert.Single(await _tasks.FindByPrefixAsync("fa", 1, None));
        Assert.Empty(await _tasks.FindByPrefixAsync("f%", 5, None));
        Assert.Empty(await _tasks.FindByPrefixAsync("f_", 5, None));
        Assert.Equal(["fa1"], (await _tasks.ListLiveByNodeAsync("find-n", None)).Select(task => task.Id));
        await _tasks.InsertManyAsync([Documents.Task("fc1", "find2", 1, "find-m")], None);
        Assert.Equal(["fa2", "fa1", "fb3", "fc1"], (await _tasks.ListByServicesAsync(["find", "find2", "none"], None)).Select(task => task.Id));
        Assert.Equal(["fa1", "fc1"], (await _tasks.ListLiveByNodesAsync(["find-n", "find-m", "none"], None)).Select(task => task.Id).Order());
        var live = await _tasks.ListLiveIdsByNodesAsync(["find-n", "find-m", "none"], None);
        Assert.Equal(["find-m fc1", "find-n fa1"], live.SelectMany(node => node.Select(id => $"{node.Key} {id}")).Order());
        Assert.Equal(3, (await _tasks.ListByServiceAsync("find", None)).Count);
    }

    [Fact]
    public async Task AList_IsByApplication_Service_AndSlot()
    {
        await _tasks.InsertManyAsync(
            [
                Documents.Task("o3", slot: 2) with { App = "ordered", Service = "a" }, Documents.Task("o2", slot: 1) with { App = "ordered", Service = "a" },
                Documents.Task("o1") with { App = "ordered", Service = "b" }, Documents.Task("o0") with { App = "unordered" },
            ],
            None);
        Assert.Equal(["o2", "o3", "o1"], (await _tasks.ListAsync("ordered", null, None)).Select(task => task.Id));
        Assert.Equal(["o1"], (await _tasks.ListAsync("ordered", "b", None)).Select(task => task.Id));
        Assert.Contains(await _tasks.ListAsync(null, null, None), task => task.Id == "o0");
    }

    [Fact]
    public async Task DirtyTasks_NameTheirServices_UntilTheMarkIsCleared_OfThatVersionOnly()
    {
        await _tasks.InsertManyAsync([Documents.Task("d1", "dirty-1", dirtySince: Documents.Now), Documents.Task("d2", "dirty-2", dirtySince: Documents.Now), Documents.Task("d3", "dirty-3", dirtySince: Documents.Now.AddSeconds(1))], None);
        Assert.Equal(["dirty-1", "dirty-2"], (await _tasks.ListDirtyServicesAsync(Documents.Now, 1000, None)).Where(id => id.StartsWith("dirty-", StringComparison.Ordinal)).Order());
        await _tasks.ClearDirtyAsync([("d1", 1), ("d2", 7)], None);
        Assert.Equal(["dirty-2"], (await _tasks.ListDirtyServicesAsync(Documents.Now, 1000, None)).Where(id => id.StartsWith("dirty-", StringComparison.Ordinal)));
        Assert.Equal((1, null), (await _tasks.FindAsync("d1", None)) is { } cleared ? (cleared.Version, cleared.DirtySince) : default);
    }

    [Fact]
    public async Task Tasks_AreCountedByState()
    {
        await _tasks.InsertManyAsync([Documents.Task("count1", state: TaskState.Preparing), Documents.Task("count2", state: TaskState.Preparing), Documents.Task("count3", state: TaskState.Rejected)], None);
        var before = await _tasks.CountByStateAsync(None);
        Assert.Equal((2, 1, false), (before[TaskState.Preparing], before[TaskState.Rejected], before.ContainsKey(TaskState.Starting)));
        await _tasks.ReplaceManyAsync([(await _tasks.FindAsync("count1", None))! with { State = TaskState.Starting }], None);
        await _tasks.DeleteManyAsync(["count3"], None);
        var after = await _tasks.CountByStateAsync(None);
        Assert.Equal((1, 1, false), (after[TaskState.Preparing], after[TaskState.Starting], after.ContainsKey(TaskState.Rejected)));
    }

    [Fact]
    public async Task InstructionsThatAreDue_AreFound()
    {
        await _tasks.InsertManyAsync([Documents.Task("due1", instructDueAt: Documents.Now), Documents.Task("due2", instructDueAt: Documents.Now.AddSeconds(1)), Documents.Task("due3")], None);
        Assert.Equal(["due1"], (await _tasks.ListInstructDueAsync(Documents.Now, 1000, None)).Select(task => task.Id).Where(id => id.StartsWith("due", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ThoseNamed_AreDeleted()
    {
        await _tasks.InsertManyAsync([Documents.Task("x1"), Documents.Task("x2")], None);
        await _tasks.DeleteManyAsync(["x1", "nothing"], None);
        Assert.Null(await _tasks.FindAsync("x1", None));
        Assert.NotNull(await _tasks.FindAsync("x2", None));
    }
}
