namespace Orchestrator.State.Tests.Suite;

public abstract class LeaseStoreSuite(StoreFixture fixture)
{
    private readonly ILeaseStore _leases = fixture.Store<ILeaseStore>();

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task ALease_ComesBackWhole_AndIsMadeOnce()
    {
        Assert.Null(await _leases.FindAsync("nothing", None));
        Assert.True(await _leases.TryInsertAsync(Lease("once", "a", 1), None));
        Assert.False(await _leases.TryInsertAsync(Lease("once", "b", 1), None));
        Assert.Equivalent(Lease("once", "a", 1) with { Version = 1 }, await _leases.FindAsync("once", None), strict: true);
    }

    [Fact]
    public async Task ARenewal_NeedsTheVersion_AndMovesIt()
    {
        await _leases.TryInsertAsync(Lease("renewed", "a", 1), None);
        Assert.True(await _leases.TryReplaceAsync(Lease("renewed", "a", 1) with { Version = 1 }, None));
        Assert.False(await _leases.TryReplaceAsync(Lease("renewed", "b", 2) with { Version = 1 }, None));
        Assert.True(await _leases.TryReplaceAsync(Lease("renewed", null, 1) with { Version = 2 }, None));
        Assert.Equivalent(Lease("renewed", null, 1) with { Version = 3 }, await _leases.FindAsync("renewed", None), strict: true);
    }

    [Fact]
    public async Task OfManyThatTakeIt_OneGetsIt()
    {
        await _leases.TryInsertAsync(Lease("race", null, 1), None);
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => _leases.TryReplaceAsync(Lease("race", $"i{i}", 2) with { Version = 1 }, None))));
        Assert.Single(taken, done => done);
    }

    private static LeaseDocument Lease(string id, string? holder, long epoch) => new() { Id = id, Holder = holder, Epoch = epoch, RenewedAt = Documents.Now };
}
