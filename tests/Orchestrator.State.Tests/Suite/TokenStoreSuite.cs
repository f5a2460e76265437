namespace Orchestrator.State.Tests.Suite;

public abstract class TokenStoreSuite(StoreFixture fixture)
{
    private readonly ITokenStore _tokens = fixture.Store<ITokenStore>();

    [Fact]
    public async Task ATokensHash_IsStoredOnce()
    {
        var token = new TokenDocument { Id = "hash", Name = "first", CreatedAt = Documents.Now };
        Assert.True(await _tokens.TryInsertAsync(token, CancellationToken.None));
        Assert.False(await _tokens.TryInsertAsync(token with { Name = "second" }, CancellationToken.None));
        Assert.Equivalent(token, await _tokens.FindAsync("hash", CancellationToken.None), strict: true);
        Assert.Null(await _tokens.FindAsync("other", CancellationToken.None));
    }
}
