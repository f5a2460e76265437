using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

internal sealed class MongoCommandStore(MongoDatabase database) : ICommandStore
{
    private const int MicrosecondTicks = 10;
    private static readonly FilterDefinitionBuilder<CommandDocument> Where = Builders<CommandDocument>.Filter;

    /// <summary>By a field of the answer, not the whole of it: an index holds what is searched.</summary>
    private static readonly FilterDefinition<CommandDocument> Unanswered = Where.Eq("answer.eventId", BsonNull.Value);

    private readonly IMongoCollection<CommandDocument> _commands = database.Collection<CommandDocument>(MongoIndexes.Commands);

    public Task<CommandDocument> AddAsync(CommandDocument document, CancellationToken cancellation) => database.RunAsync(async () =>
    {
        while (true)
        {
            var last = await _commands.Find(command => command.App == document.App)
                .SortByDescending(command => command.Order).Limit(1).Project(command => command.Order).FirstOrDefaultAsync(cancellation);
            var placed = document with { Order = Math.Max(last + 1, (document.CreatedAt - DateTimeOffset.UnixEpoch).Ticks / MicrosecondTicks) };
            if (await _commands.TryInsertAsync(placed, cancellation))
            {
                return placed;
            }

            // The command is there already, or another took the order in between: then the next one is tried.
            if (await FindOneAsync(document.Id, cancellation) is { } earlier)
            {
                return earlier;
            }
        }
    });

    public Task<CommandDocument?> FindAsync(string commandId, CancellationToken cancellation) =>
        database.RunAsync(() => FindOneAsync(commandId, cancellation));

    public Task<CommandDocument?> TryAnswerAsync(CommandAnswer answer, CancellationToken cancellation) => database.RunAsync<CommandDocument?>(async () =>
        await _commands.FindOneAndUpdateAsync(
            Where.Eq(command => command.Id, answer.CommandId) & Unanswered,
            Builders<CommandDocument>.Update.Set(command => command.Answer, answer),
            new FindOneAndUpdateOptions<CommandDocument> { ReturnDocument = ReturnDocument.After },
            cancellation));

    public Task<IReadOnlyList<CommandDocument>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<CommandDocument>>(async () =>
            await _commands.Find(Unanswered & Where.Lte(command => command.PublishDueAt, now)).SortBy(command => command.Order).Limit(limit).ToListAsync(cancellation));

    public Task PostponeAsync(IReadOnlyList<string> commandIds, DateTimeOffset publishDueAt, CancellationToken cancellation) =>
        database.RunAsync(() => _commands.UpdateManyAsync(
            Where.In(command => command.Id, commandIds), Builders<CommandDocument>.Update.Set(command => command.PublishDueAt, publishDueAt), options: null, cancellation));

    private async Task<CommandDocument?> FindOneAsync(string commandId, CancellationToken cancellation) =>
        await _commands.Find(command => command.Id == commandId).FirstOrDefaultAsync(cancellation);
}
