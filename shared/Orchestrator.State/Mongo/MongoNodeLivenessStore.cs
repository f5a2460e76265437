using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoNodeLivenessStore(MongoDatabase database) : INodeLivenessStore
{
    private static readonly FilterDefinitionBuilder<NodeLivenessDocument> Where = Builders<NodeLivenessDocument>.Filter;
    private readonly IMongoCollection<NodeLivenessDocument> _liveness = database.Collection<NodeLivenessDocument>(MongoIndexes.NodeLiveness);

    public Task<IReadOnlyList<NodeLivenessDocument>> ListAsync(CancellationToken cancellation) =>
        MongoDatabase.RunAsync<IReadOnlyList<NodeLivenessDocument>>(async () => await _liveness.Find(_ => true).SortBy(node => node.Id).ToListAsync(cancellation));

    public Task PutManyAsync(IReadOnlyList<NodeLivenessDocument> documents, CancellationToken cancellation) =>
        MongoDatabase.RunAsync(() => _liveness.BulkAsync(
            [.. documents.Select(document => new ReplaceOneModel<NodeLivenessDocument>(Where.Eq(node => node.Id, document.Id), document) { IsUpsert = true })], cancellation));
}
