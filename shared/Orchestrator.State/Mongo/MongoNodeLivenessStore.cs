using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoNodeLivenessStore(MongoDatabase database) : INodeLivenessStore
{
    private static readonly FilterDefinitionBuilder<NodeLivenessDocument> Where = Builders<NodeLivenessDocument>.Filter;
    private readonly IMongoCollection<NodeLivenessDocument> _liveness = database.Collection<NodeLivenessDocument>(MongoIndexes.NodeLiveness);

    public Task<IReadOnlyList<NodeLivenessDocument>> ListAsync(CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<NodeLivenessDocument>>(async () => await _liveness.Find(_ => true).SortBy(node => node.Id).ToListAsync(cancellation));

    public Task<IReadOnlyList<NodeLivenessDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<NodeLivenessDocument>>(async () => await _liveness.Find(Where.In(node => node.Id, nodeIds)).ToListAsync(cancellation));

    public Task<IReadOnlySet<string>> PutManyAsync(IReadOnlyList<NodeLivenessDocument> documents, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlySet<string>>(async () =>
        {
            try
            {
                await _liveness.BulkAsync([.. documents.Select(Put)], cancellation);
                return new HashSet<string>();
            }
            catch (MongoBulkWriteException<NodeLivenessDocument> exception) when (exception.Refused(MongoErrors.DuplicateKey))
            {
                return exception.WriteErrors.Select(error => documents[error.Index].Id).ToHashSet();
            }
        });

    public Task RemoveManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.RunAsync(() => _liveness.DeleteManyAsync(Where.In(node => node.Id, nodeIds), cancellation));

    /// <summary>As an upsert, one that finds only a greater epoch becomes an insert, and that is refused because the id is there.</summary>
    private static ReplaceOneModel<NodeLivenessDocument> Put(NodeLivenessDocument document) =>
        new(Where.Eq(node => node.Id, document.Id) & Where.Not(Where.Gt(node => node.Epoch, document.Epoch)), document) { IsUpsert = true };
}
