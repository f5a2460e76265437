using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoJoinTokenStore(MongoDatabase database) : IJoinTokenStore
{
    private static readonly FilterDefinitionBuilder<JoinTokenDocument> Where = Builders<JoinTokenDocument>.Filter;
    private readonly IMongoCollection<JoinTokenDocument> _tokens = database.Collection<JoinTokenDocument>(MongoIndexes.JoinTokens);

    public Task AddAsync(JoinTokenDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _tokens.TryInsertAsync(document, cancellation));

    public Task<JoinTokenDocument?> FindAsync(string id, CancellationToken cancellation) =>
        database.RunAsync<JoinTokenDocument?>(async () => await _tokens.Find(token => token.Id == id).FirstOrDefaultAsync(cancellation));

    public Task<bool> TryUseAsync(string id, string nodeId, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        database.RunAsync(async () => (await _tokens.UpdateOneAsync(
            Where.Eq(token => token.Id, id) & Where.In(token => token.UsedBy, [null, nodeId]),
            Builders<JoinTokenDocument>.Update.Set(token => token.UsedBy, nodeId).Set(token => token.ExpiresAt, expiresAt),
            options: null,
            cancellation)).MatchedCount == 1);

    public Task<IReadOnlyList<JoinTokenDocument>> ListExpiredAsync(DateTimeOffset now, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<JoinTokenDocument>>(
            async () => await _tokens.Find(token => token.ExpiresAt <= now).SortBy(token => token.ExpiresAt).ToListAsync(cancellation));

    public Task RemoveAsync(string id, CancellationToken cancellation) =>
        database.RunAsync(() => _tokens.DeleteOneAsync(token => token.Id == id, cancellation));
}
