using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>Reservations are fields of the node's document, set and unset one by one: what is sent does not grow with what is reserved.</summary>
internal sealed class MongoNodeStore(MongoDatabase database) : INodeStore
{
    private const string Reservations = "reservations";
    private readonly IMongoCollection<NodeDocument> _nodes = database.Collection<NodeDocument>(MongoIndexes.Nodes);
    private readonly IMongoCollection<RemovedNode> _removed = database.Collection<RemovedNode>(MongoIndexes.RemovedNodes);

    public Task<NodeDocument?> FindAsync(string nodeId, CancellationToken cancellation) =>
        database.RunAsync<NodeDocument?>(async () => await _nodes.Find(node => node.Id == nodeId).FirstOrDefaultAsync(cancellation));

    public Task<IReadOnlyList<NodeDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<NodeDocument>>(async () =>
            await _nodes.Find(Builders<NodeDocument>.Filter.In(node => node.Id, nodeIds)).ToListAsync(cancellation));

    public Task<IReadOnlyList<NodeDocument>> FindByNameAsync(string name, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<NodeDocument>>(async () => await _nodes.Find(node => node.Name == name).SortBy(node => node.Id).ToListAsync(cancellation));

    public Task<IReadOnlyDictionary<string, string>> FindNamesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyDictionary<string, string>>(async () =>
            (await _nodes.Find(Builders<NodeDocument>.Filter.In(node => node.Id, nodeIds)).Project(Builders<NodeDocument>.Projection.Include(node => node.Name)).ToListAsync(cancellation))
                .ToDictionary(node => node["_id"].AsString, node => node["name"].AsString));

    public Task<IReadOnlyList<ReservedNode>> PageAsync((string Name, string Id)? after, int limit, CancellationToken cancellation)
    {
        var where = Builders<NodeDocument>.Filter;
        var filter = after is { } place
            ? where.Gt(node => node.Name, place.Name) | (where.Eq(node => node.Name, place.Name) & where.Gt(node => node.Id, place.Id))
            : where.Empty;
        return database.RunAsync<IReadOnlyList<ReservedNode>>(async () =>
            [.. (await _nodes.Find(filter).SortBy(node => node.Name).ThenBy(node => node.Id).Limit(limit).ToListAsync(cancellation)).Select(ReservedNode.Of)]);
    }

    public Task<IReadOnlyDictionary<string, long>> ListVersionsAsync(CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyDictionary<string, long>>(async () =>
            (await _nodes.Find(_ => true).Project(Builders<NodeDocument>.Projection.Include(node => node.Version)).ToListAsync(cancellation))
                .ToDictionary(node => node["_id"].AsString, node => node["version"].AsInt64));

    /// <summary>Sorted here: the server would have to hold all of them, reservations included, to sort them.</summary>
    public Task<IReadOnlyList<NodeDocument>> ListAsync(CancellationToken cancellation) =>
        database.RunAsync<IReadOnlyList<NodeDocument>>(async () =>
            [.. (await _nodes.Find(_ => true).ToListAsync(cancellation)).OrderBy(node => node.Name, StringComparer.Ordinal).ThenBy(node => node.Id, StringComparer.Ordinal)]);

    public Task<bool> TryInsertAsync(NodeDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _nodes.TryInsertAsync(document with { Version = 1, Reservations = new Dictionary<string, Reservation>() }, cancellation));

    public Task<bool> TryReplaceAsync(NodeDocument document, CancellationToken cancellation) =>
        database.RunAsync(() => _nodes.TryUpdateAsync(
            document.Id, document.Version, MongoWrites.Replacing(document with { Version = document.Version + 1 }, except: Reservations), cancellation));

    /// <summary>Remembered first: at no moment is it neither there nor known as removed.</summary>
    public Task<bool> TryRemoveAsync(NodeDocument document, DateTimeOffset now, CancellationToken cancellation) =>
        database.RunAsync(async () =>
        {
            await _removed.UpdateOneAsync(
                node => node.Id == document.Id,
                Builders<RemovedNode>.Update.Max(node => node.AgentEpoch, document.AgentEpoch).Set(node => node.RemovedAt, now),
                new UpdateOptions { IsUpsert = true },
                cancellation);
            await _removed.DeleteManyAsync(node => node.RemovedAt < now - RemovedNode.KeptFor, cancellation);
            return (await _nodes.DeleteOneAsync(MongoWrites.Of(document.Id, document.Version), cancellation)).DeletedCount == 1;
        });

    public Task<long?> FindRemovedEpochAsync(string nodeId, CancellationToken cancellation) =>
        database.RunAsync(async () => (await _removed.Find(node => node.Id == nodeId).FirstOrDefaultAsync(cancellation))?.AgentEpoch);

    public Task<bool> TryReserveAsync(
        string nodeId, long version, IReadOnlyDictionary<string, Reservation> add, IReadOnlyList<string> remove, CancellationToken cancellation)
    {
        var set = Set(add.Where(entry => !remove.Contains(entry.Key)));
        return database.RunAsync(() => _nodes.TryUpdateAsync(nodeId, version, Delta(set, remove), cancellation));
    }

    public Task<IReadOnlySet<string>> ReserveManyAsync(IReadOnlyList<ReservationChange> changes, CancellationToken cancellation)
    {
        var writes = changes.Select(change => MongoWrites.OrError<NodeDocument>(change.NodeId, change.Version, Delta(Set(change.Add), []))).ToList();
        return database.RunAsync<IReadOnlySet<string>>(async () =>
            (await _nodes.BulkOrErrorsAsync(writes, cancellation)).Select(place => changes[place].NodeId).ToHashSet());
    }

    public Task ReleaseAsync(IReadOnlyList<(string NodeId, string TaskId)> reservations, CancellationToken cancellation) =>
        database.RunAsync(() => _nodes.BulkAsync(
            [.. reservations.GroupBy(reservation => reservation.NodeId, reservation => reservation.TaskId).Select(node => Release(node.Key, [.. node.Distinct()]))], cancellation));

    /// <summary>Only a node that holds one of them: releasing again changes nothing, the version neither.</summary>
    private static UpdateOneModel<NodeDocument> Release(string nodeId, IReadOnlyList<string> taskIds) => new(
        new BsonDocument { { "_id", nodeId }, { "$or", new BsonArray(taskIds.Select(taskId => new BsonDocument(Field(taskId), new BsonDocument("$exists", true)))) } },
        Delta([], taskIds));

    private static BsonDocument Set(IEnumerable<KeyValuePair<string, Reservation>> add) =>
        new(add.Select(entry => new BsonElement(Field(entry.Key), entry.Value.ToBsonDocument())));

    private static BsonDocument Delta(BsonDocument set, IReadOnlyList<string> remove)
    {
        var update = new BsonDocument("$inc", new BsonDocument("version", 1L));
        update.Add("$set", set, set.ElementCount > 0);
        return update.Add("$unset", new BsonDocument(remove.Distinct().Select(taskId => new BsonElement(Field(taskId), ""))), remove.Count > 0);
    }

    /// <summary>Task ids are hexadecimal, so they are names of fields; any other id that would be a path is a mistake.</summary>
    private static string Field(string taskId) => taskId.Length > 0 && taskId.All(char.IsAsciiLetterOrDigit)
        ? $"{Reservations}.{taskId}"
        : throw new ArgumentException($"'{taskId}' is no task id");
}
