namespace Orchestrator.State.Tests.Suite;

public abstract class ServiceStoreSuite(StoreFixture fixture)
{
    private readonly IServiceStore _services = fixture.Store<IServiceStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task WhatIsStored_ComesBackWhole_WithVersions()
    {
        var service = Documents.Service("whole", "whole-app", "web", Documents.Now, Documents.Now, "no room");
        Assert.True(await _services.TryInsertAsync(service, None));
        Assert.False(await _services.TryInsertAsync(service, None));
        Assert.Equivalent(service with { Version = 1 }, await _services.FindAsync("whole", None), strict: true);
        Assert.True(await _services.TryReplaceAsync(service with { Version = 1, Replicas = 9 }, None));
        Assert.False(await _services.TryReplaceAsync(service with { Version = 1, Replicas = 10 }, None));
        Assert.Equal((2, 9), (await _services.FindAsync("whole", None)) is { } stored ? (stored.Version, stored.Replicas) : default);
    }

    [Fact]
    public async Task OfManyInserts_ThoseThatWereThereAreTold()
    {
        await _services.TryInsertAsync(Documents.Service("in1", "inserted", "in1"), None);
        Assert.Equal([Documents.Service("in1", "inserted", "in1").Id], await _services.InsertManyAsync([Documents.Service("in1", "inserted", "in1"), Documents.Service("in2", "inserted", "in2")], None));
        Assert.Equal([1L, 1L], (await _services.FindManyAsync([Documents.Service("in1", "inserted", "in1").Id, Documents.Service("in2", "inserted", "in2").Id], None)).Select(found => found.Version));
    }

    [Fact]
    public async Task Many_AreFoundAndReplaced_EachForItself()
    {
        foreach (var id in new[] { "m1", "m2" })
        {
            await _services.TryInsertAsync(Documents.Service(id, "many", id), None);
        }

        var found = (await _services.FindManyAsync(["m1", "m2", "nobody"], None)).OrderBy(service => service.Id).ToList();
        Assert.Equal(["m1", "m2"], found.Select(service => service.Id));
        await _services.TryReplaceAsync(found[0] with { Replicas = 5 }, None);
        Assert.Equal(["m1"], await _services.ReplaceManyAsync([.. found.Select(service => service with { Replicas = 7 })], None));
        Assert.Equal(["m1 2 5", "m2 2 7"], (await _services.FindManyAsync(["m1", "m2"], None)).Select(service => $"{service.Id} {service.Version} {service.Replicas}").Order());
    }

    [Fact]
    public async Task AList_IsOfOneApplication_ByName()
    {
        await _services.TryInsertAsync(Documents.Service("l2", "listed", "b"), None);
        await _services.TryInsertAsync(Documents.Service("l1", "listed", "a"), None);
        await _services.TryInsertAsync(Documents.Service("l3", "other", "a"), None);
        Assert.Equal(["a", "b"], (await _services.ListAsync("listed", None)).Select(service => service.Name));
        Assert.Equal(["l1", "l2", "l3"], (await _services.ListWithUnschedulableAsync(["other", "listed", "none"], None)).Select(service => service.Id).Where(id => id[0] == 'l'));
        Assert.Equal(["l1", "l2", "l3"], (await _services.ListBesideAsync(["other", "listed", "none"], None)).Select(service => service.Id).Where(id => id[0] == 'l'));
        Assert.Equal(["l1"], (await _services.PageAsync("listed", null, 1, None)).Select(service => service.Id));
        Assert.Equal(["l2"], (await _services.PageAsync("listed", ("listed", "a", "l1"), 5, None)).Select(service => service.Id));
        Assert.Superset(new HashSet<string> { "l1", "l2", "l3" }, (await _services.ListAsync(null, None)).Select(service => service.Id).ToHashSet());
    }

    [Fact]
    public async Task WaitingOnes_AreDirty_OrDue()
    {
        await _services.TryInsertAsync(Documents.Service("w-dirty", "waiting", "a", dirtySince: Documents.Now), None);
        await _services.TryInsertAsync(Documents.Service("w-due", "waiting", "b", dueAt: Documents.Now), None);
        await _services.TryInsertAsync(Documents.Service("w-later", "waiting", "c", dirtySince: Documents.Now.AddSeconds(1), dueAt: Documents.Now.AddSeconds(1)), None);
        await _services.TryInsertAsync(Documents.Service("w-no", "waiting", "d"), None);
        var waiting = (await _services.ListWaitingAsync(Documents.Now, Documents.Now, 100, None)).Where(service => service.App == "waiting").Select(service => service.Id);
        Assert.Equal(["w-dirty", "w-due"], waiting.Order());
    }

    [Fact]
    public async Task UnschedulableOnes_AreFound_UntilTheyAreNot()
    {
        await _services.TryInsertAsync(Documents.Service("u1", "unplaced", reasons: "no room"), None);
        Assert.Contains(await _services.ListUnschedulableAsync(None), service => service.Id == "u1");
        Assert.Contains(await _services.ListWithUnschedulableAsync([], None), service => service.Id == "u1");
        await _services.TryReplaceAsync((await _services.FindAsync("u1", None))! with { UnschedulableReasons = [] }, None);
        Assert.DoesNotContain(await _services.ListUnschedulableAsync(None), service => service.Id == "u1");
    }

    [Fact]
    public async Task ThoseThatKeepOthersAway_AreFound_UntilTheyDoNot()
    {
        await _services.TryInsertAsync(Documents.Service("k1", "away", "a") with { KeepsAway = ["blog/db"] }, None);
        await _services.TryInsertAsync(Documents.Service("k2", "away", "b"), None);
        Assert.Equal("blog/db", Assert.Single(Assert.Single(await _services.ListBesideAsync([], None), service => service.App == "away").KeepsAway));
        await _services.TryReplaceAsync((await _services.FindAsync("k1", None))! with { KeepsAway = [] }, None);
        Assert.DoesNotContain(await _services.ListBesideAsync([], None), service => service.App == "away");
    }

    [Fact]
    public async Task ADelete_OfAnotherVersion_DeletesNothing()
    {
        await _services.TryInsertAsync(Documents.Service("gone"), None);
        Assert.False(await _services.TryDeleteAsync("gone", 2, None));
        Assert.True(await _services.TryDeleteAsync("gone", 1, None));
        Assert.Null(await _services.FindAsync("gone", None));
    }
}
