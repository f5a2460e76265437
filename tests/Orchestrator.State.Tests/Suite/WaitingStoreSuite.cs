namespace Orchestrator.State.Tests.Suite;

/// <summary>What one kind of document makes of the answer is told on an empty database, so each adapter gives it one that no other suite writes to.</summary>
public abstract class WaitingStoreSuite(StoreFixture fixture)
{
    private static readonly DateTimeOffset Soon = Documents.Now.AddTicks(1);
    private readonly IWaitingStore _waiting = fixture.Store<IWaitingStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task NothingWaits_BeforeItsTime_AndEveryKindDoesFromThenOn()
    {
        Assert.Equal(WaitingKinds.None, await _waiting.FindAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, None));

        var apps = fixture.Store<IAppStore>();
        await apps.TryInsertAsync(Documents.App("quiet"), None);
        await apps.TryInsertAsync(Documents.App("dirty", dirtySince: Soon), None);
        await OnlyFromItsTimeAsync(WaitingKinds.Apps, until: Soon, now: Documents.Now);
        await apps.TryReplaceAsync((await apps.FindAsync("dirty", None))! with { DirtySince = null }, None);

        var services = fixture.Store<IServiceStore>();
        await services.TryInsertAsync(Documents.Service("quiet"), None);
        await services.TryInsertAsync(Documents.Service("dirty", dirtySince: Soon), None);
        await OnlyFromItsTimeAsync(WaitingKinds.Services, until: Soon, now: Documents.Now);
        await services.TryDeleteAsync("dirty", 1, None);
        await services.TryInsertAsync(Documents.Service("due", dueAt: Soon), None);
        await OnlyFromItsTimeAsync(WaitingKinds.Services, until: Documents.Now, now: Soon);
        await services.TryDeleteAsync("due", 1, None);

        var tasks = fixture.Store<ITaskStore>();
        await tasks.InsertManyAsync([Documents.Task("quiet"), Documents.Task("dirty", dirtySince: Soon)], None);
        await OnlyFromItsTimeAsync(WaitingKinds.Tasks, until: Soon, now: Documents.Now);
        await tasks.DeleteManyAsync(["dirty"], None);
        await tasks.InsertManyAsync([Documents.Task("due", instructDueAt: Soon)], None);
        await OnlyFromItsTimeAsync(WaitingKinds.Instructions, until: Documents.Now, now: Soon);
        await tasks.DeleteManyAsync(["due"], None);

        var rollouts = fixture.Store<IRolloutStore>();
        await rollouts.TryInsertAsync(Documents.Rollout("quiet", 1), None);
        await rollouts.TryInsertAsync(Documents.Rollout("due", 1) with { DueAt = Soon }, None);
        await OnlyFromItsTimeAsync(WaitingKinds.Rollouts, until: Documents.Now, now: Soon);
    }

    private async Task OnlyFromItsTimeAsync(WaitingKinds kind, DateTimeOffset until, DateTimeOffset now)
    {
        Assert.Equal(WaitingKinds.None, await _waiting.FindAsync(Documents.Now, Documents.Now, None));
        Assert.Equal(kind, await _waiting.FindAsync(until, now, None));
    }
}
