namespace Orchestrator.State.Tests.Suite;

public abstract class AppStoreSuite(StoreFixture fixture)
{
    private readonly IAppStore _apps = fixture.Store<IAppStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task WhatIsStored_ComesBackWhole()
    {
        var app = Documents.App("whole", Documents.Now);
        Assert.True(await _apps.TryInsertAsync(app, None));
        Assert.Equivalent(app with { Version = 1 }, await _apps.FindAsync("whole", None), strict: true);
    }

    [Fact]
    public async Task AnInsert_OfWhatIsThere_ChangesNothing()
    {
        await _apps.TryInsertAsync(Documents.App("there"), None);
        Assert.Equal(["there"], (await _apps.FindManyAsync(["there", "nowhere"], None)).Select(app => app.Id));
        Assert.False(await _apps.TryInsertAsync(Documents.App("there") with { LastOrder = 99 }, None));
        Assert.Equal(7, (await _apps.FindAsync("there", None))!.LastOrder);
    }

    [Fact]
    public async Task AReplace_OfAnotherVersion_ChangesNothing()
    {
        await _apps.TryInsertAsync(Documents.App("versions"), None);
        var first = (await _apps.FindAsync("versions", None))!;
        Assert.True(await _apps.TryReplaceAsync(first with { LastOrder = 8 }, None));
        Assert.False(await _apps.TryReplaceAsync(first with { LastOrder = 9 }, None));
        var stored = (await _apps.FindAsync("versions", None))!;
        Assert.Equal((2, 8), (stored.Version, stored.LastOrder));
    }

    [Fact]
    public async Task ManyAtOnce_ExactlyOneWins()
    {
        await _apps.TryInsertAsync(Documents.App("race"), None);
        var seen = (await _apps.FindAsync("race", None))!;
        var won = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => _apps.TryReplaceAsync(seen with { LastOrder = i }, None))));
        Assert.Single(won, stored => stored);
    }

    [Fact]
    public async Task DirtyOnes_AreFound_OldestFirst_UpToATime()
    {
        await _apps.TryInsertAsync(Documents.App("dirty-b", Documents.Now.AddSeconds(-2)), None);
        await _apps.TryInsertAsync(Documents.App("dirty-a", Documents.Now.AddSeconds(-1)), None);
        await _apps.TryInsertAsync(Documents.App("dirty-later", Documents.Now.AddSeconds(1)), None);
        await _apps.TryInsertAsync(Documents.App("dirty-no"), None);
        var dirty = (await _apps.ListDirtyAsync(Documents.Now, 10, None)).Select(app => app.Id).Where(id => id.StartsWith("dirty-", StringComparison.Ordinal));
        Assert.Equal(["dirty-b", "dirty-a"], dirty);
        Assert.Single(await _apps.ListDirtyAsync(Documents.Now, 1, None));
    }

    [Fact]
    public async Task WhatIsNotThere_IsNull() => Assert.Null(await _apps.FindAsync("nothing", None));
}
