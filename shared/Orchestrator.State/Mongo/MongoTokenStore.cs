using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoTokenStore(MongoDatabase database) : ITokenStore
{
    private readonly IMongoCollection<TokenDocument> _tokens = database.Collection<TokenDocument>(MongoIndexes.Tokens);

    public Task<TokenDocument?> FindAsync(string hash, CancellationToken cancellation) =>
        database.RunAsync<TokenDocument?>(async () => await _tokens.Find(token => token.Id == hash).FirstOrDefaultAsync(cancellation));

    public Task<bool> TryInsertAsync(TokenDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _tokens.TryInsertAsync(document, cancellation));
}
