using Orchestrator.Contracts;

namespace Orchestrator.State.Tests.Suite;

public abstract class JoinTokenStoreSuite(StoreFixture fixture)
{
    private readonly IJoinTokenStore _tokens = fixture.Store<IJoinTokenStore>();

    [Fact]
    public async Task AJoinToken_IsTakenByOneNode_AsOftenAsItAsks()
    {
        var token = Token();
        await _tokens.AddAsync(token, CancellationToken.None);
        Assert.Equivalent(token, await _tokens.FindAsync(token.Id, CancellationToken.None), strict: true);
        var soon = Documents.Now.AddSeconds(5);
        Assert.True(await _tokens.TryUseAsync(token.Id, "n1", soon, CancellationToken.None));
        Assert.True(await _tokens.TryUseAsync(token.Id, "n1", soon, CancellationToken.None));
        Assert.False(await _tokens.TryUseAsync(token.Id, "n2", soon, CancellationToken.None));
        Assert.False(await _tokens.TryUseAsync("unknown", "n1", soon, CancellationToken.None));
        Assert.Equivalent(token with { UsedBy = "n1", ExpiresAt = soon }, await _tokens.FindAsync(token.Id, CancellationToken.None), strict: true);
    }

    [Fact]
    public async Task AnExpiredJoinToken_IsListedUntilItIsRemoved()
    {
        var token = Token();
        await _tokens.AddAsync(token, CancellationToken.None);
        Assert.DoesNotContain(await _tokens.ListExpiredAsync(token.ExpiresAt.AddTicks(-1), CancellationToken.None), item => item.Id == token.Id);
        Assert.Contains(await _tokens.ListExpiredAsync(token.ExpiresAt, CancellationToken.None), item => item.Id == token.Id);
        await _tokens.RemoveAsync(token.Id, CancellationToken.None);
        await _tokens.RemoveAsync(token.Id, CancellationToken.None);
        Assert.DoesNotContain(await _tokens.ListExpiredAsync(token.ExpiresAt, CancellationToken.None), item => item.Id == token.Id);
        Assert.Null(await _tokens.FindAsync(token.Id, CancellationToken.None));
    }

    private static JoinTokenDocument Token() => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Role = NodeRole.Manager,
        RequestedBy = "me",
        CreatedAt = Documents.Now,
        ExpiresAt = Documents.Now.AddHours(1),
    };
}
