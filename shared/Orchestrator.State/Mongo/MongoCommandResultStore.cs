using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoCommandResultStore(MongoDatabase database) : ICommandResultStore
{
    private readonly IMongoCollection<CommandAnswer> _answers = database.Collection<CommandAnswer>(MongoIndexes.CommandResults);
    private readonly IMongoCollection<BsonDocument> _stored = database.Collection<BsonDocument>(MongoIndexes.CommandResults);

    public Task<CommandAnswer?> FindAsync(string commandId, CancellationToken cancellation) => database.RunAsync<CommandAnswer?>(
        async () => await _answers.Find(Builders<CommandAnswer>.Filter.Eq("_id", commandId)).FirstOrDefaultAsync(cancellation));

    public Task AddManyAsync(IReadOnlyList<CommandAnswer> answers, CancellationToken cancellation) =>
        database.RunAsync(() => _stored.InsertNewAsync([.. answers.Select(answer => MongoWrites.WithId(answer, answer.CommandId))], cancellation));
}
