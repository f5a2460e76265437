using Orchestrator.Contracts;

namespace Orchestrator.State.Tests.Suite;

public abstract class RolloutStoreSuite(StoreFixture fixture)
{
    private readonly IRolloutStore _rollouts = fixture.Store<IRolloutStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task ARollout_HasVersions()
    {
        var rollout = Documents.Rollout("v", 1) with
        {
            Message = "m", FromRevision = 3, Policy = new RolloutPolicy { Canary = "1", Steps = ["50%"] }, Counts = new RolloutCounts { Replicas = 3, Reason = "r" }, Obeyed = ["c1"],
        };
        Assert.True(await _rollouts.TryInsertAsync(rollout, None));
        Assert.False(await _rollouts.TryInsertAsync(rollout, None));
        Assert.Equivalent(rollout with { Version = 1 }, await _rollouts.FindAsync("v.1", None), strict: true);
        Assert.True(await _rollouts.TryReplaceAsync(rollout with { Version = 1, State = RolloutState.Completed }, None));
        Assert.False(await _rollouts.TryReplaceAsync(rollout with { Version = 1, State = RolloutState.Failed }, None));
        Assert.Equal(RolloutState.Completed, (await _rollouts.FindAsync("v.1", None))!.State);
    }

    [Fact]
    public async Task OfManyInserts_ThoseThatWereThereAreTold()
    {
        await _rollouts.TryInsertAsync(Documents.Rollout("in1", 1), None);
        Assert.Equal([Documents.Rollout("in1", 1).Id], await _rollouts.InsertManyAsync([Documents.Rollout("in1", 1), Documents.Rollout("in2", 1)], None));
        Assert.Equal([1L, 1L], (await _rollouts.FindManyAsync([Documents.Rollout("in1", 1).Id, Documents.Rollout("in2", 1).Id], None)).Select(found => found.Version));
    }

    [Fact]
    public async Task Many_AreReplaced_EachForItself()
    {
        await _rollouts.TryInsertAsync(Documents.Rollout("m1", 1), None);
        await _rollouts.TryInsertAsync(Documents.Rollout("m2", 1), None);
        var found = (await _rollouts.FindManyAsync(["m1.1", "m2.1"], None)).OrderBy(rollout => rollout.Id).ToList();
        await _rollouts.TryReplaceAsync(found[0] with { Message = "first" }, None);
        Assert.Equal(["m1.1"], await _rollouts.ReplaceManyAsync([.. found.Select(rollout => rollout with { Message = "second" })], None));
        Assert.Equal(["m1.1 2 first", "m2.1 2 second"], (await _rollouts.FindManyAsync(["m1.1", "m2.1"], None)).Select(rollout => $"{rollout.Id} {rollout.Version} {rollout.Message}").Order());
    }

    [Fact]
    public async Task Newest_ComeFirst_AndAlone()
    {
        await _rollouts.TryInsertAsync(Documents.Rollout("n1", 1, Documents.Now), None);
        await _rollouts.TryInsertAsync(Documents.Rollout("n1", 2, Documents.Now.AddSeconds(1)), None);
        await _rollouts.TryInsertAsync(Documents.Rollout("n2", 1, Documents.Now), None);
        Assert.Equal(["n1.2", "n2.1"], (await _rollouts.FindManyAsync(["n1.2", "n2.1", "n3.1"], None)).Select(rollout => rollout.Id).Order());
        Assert.Equal(["n1.2", "n1.1"], (await _rollouts.ListAsync("n1", None)).Select(rollout => rollout.Id));
        Assert.Equal(["n1.2", "n2.1"], (await _rollouts.ListNewestAsync(None)).Select(rollout => rollout.Id).Where(id => id[0] == 'n').Order());
        await _rollouts.DeleteAllAsync("n1", None);
        Assert.Empty(await _rollouts.ListAsync("n1", None));
        Assert.Single(await _rollouts.ListAsync("n2", None));
    }
    [Fact]
    public async Task DueRollouts_AreFoundByTheirTime_TheOldestFirst()
    {
        await _rollouts.TryInsertAsync(Documents.Rollout("d", 1) with { DueAt = Documents.Now.AddHours(-2) }, None);
        await _rollouts.TryInsertAsync(Documents.Rollout("d", 2) with { DueAt = Documents.Now.AddHours(-3) }, None);
        await _rollouts.TryInsertAsync(Documents.Rollout("d", 3) with { DueAt = Documents.Now }, None);
        await _rollouts.TryInsertAsync(Documents.Rollout("d", 4), None);
        Assert.Equal(["d.2", "d.1"], (await _rollouts.ListDueAsync(Documents.Now.AddHours(-2), 10, None)).Select(rollout => rollout.Id));
        Assert.True(await _rollouts.TryReplaceAsync((await _rollouts.FindAsync("d.2", None))! with { DueAt = null }, None));
        Assert.Equal(["d.1"], (await _rollouts.ListDueAsync(Documents.Now.AddHours(-2), 10, None)).Select(rollout => rollout.Id));
        await _rollouts.DeleteManyAsync(["d.1", "d.4"], None);
        Assert.Equal(["d.3", "d.2"], (await _rollouts.ListAsync("d", None)).Select(rollout => rollout.Id));
    }
}
