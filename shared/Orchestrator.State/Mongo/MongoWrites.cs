using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>The few kinds of writes that all stores are made of.</summary>
internal static class MongoWrites
{
    public static readonly InsertManyOptions InAnyOrder = new() { IsOrdered = false };
    public static readonly BulkWriteOptions BulkInAnyOrder = new() { IsOrdered = false };

    /// <returns>False when one of the document's unique keys is there already.</returns>
    public static async Task<bool> TryInsertAsync<T>(this IMongoCollection<T> collection, T document, CancellationToken cancellation)
    {
        try
        {
            await collection.InsertOneAsync(document, options: null, cancellation);
            return true;
        }
        catch (MongoWriteException exception) when (exception is { WriteConcernError: null, WriteError.Code: MongoErrors.DuplicateKey })
        {
            return false;
        }
    }

    /// <summary>Inserts those that are not there yet, in one round trip.</summary>
    /// <returns>The places in the list of those that were there.</returns>
    public static async Task<IReadOnlyList<int>> InsertNewAsync<T>(this IMongoCollection<T> collection, IReadOnlyList<T> documents, CancellationToken cancellation)
    {
        if (documents.Count == 0)
        {
            return [];
        }

        try
        {
            await collection.InsertManyAsync(documents, InAnyOrder, cancellation);
            return [];
        }
        catch (MongoBulkWriteException<T> exception) when (exception.Refused(MongoErrors.DuplicateKey))
        {
            return [.. exception.WriteErrors.Select(error => error.Index)];
        }
    }

    /// <returns>False when there is no document of that id and version.</returns>
    public static async Task<bool> TryUpdateAsync<T>(this IMongoCollection<T> collection, string id, long version, BsonDocument update, CancellationToken cancellation) =>
        (await collection.UpdateOneAsync(Of(id, version), update, options: null, cancellation)).MatchedCount == 1;

    /// <summary>All writes in one round trip; none when there is none.</summary>
    public static async Task BulkAsync<T>(this IMongoCollection<T> collection, IReadOnlyList<WriteModel<T>> writes, CancellationToken cancellation)
    {
        if (writes.Count > 0)
        {
            await collection.BulkWriteAsync(writes, BulkInAnyOrder, cancellation);
        }
    }

    /// <summary>
    /// A bulk of updates answers with counts only: it does not say which of them found nothing. As an upsert, one that finds no document of its id and
    /// version becomes an insert, and the insert is refused because it would change the id: an error that names its place.
    /// </summary>
    public static UpdateOneModel<T> OrError<T>(string id, long version, BsonDocument update) =>
        new(Of(id, version), update.Add("$setOnInsert", new BsonDocument("_id", BsonNull.Value))) { IsUpsert = true };

    /// <returns>The places in the list of those, made with <see cref="OrError"/>, that found nothing.</returns>
    public static async Task<IReadOnlyList<int>> BulkOrErrorsAsync<T>(this IMongoCollection<T> collection, IReadOnlyList<UpdateOneModel<T>> writes, CancellationToken cancellation)
    {
        try
        {
            await collection.BulkAsync(writes, cancellation);
            return [];
        }
        catch (MongoBulkWriteException<T> exception) when (exception.Refused(MongoErrors.ImmutableField))
        {
            return [.. exception.WriteErrors.Select(error => error.Index)];
        }
    }

    public static BsonDocument Of(string id, long version) => new() { { "_id", id }, { "version", version } };

    /// <summary>Makes a stored document equal to this one. Fields of the document type that have no value are taken away, fields it does not know stay.</summary>
    /// <param name="document">What is to be stored; its version is the next one.</param>
    /// <param name="except">A field that is left alone.</param>
    public static BsonDocument Replacing<T>(T document, string? except = null)
    {
        var set = document.ToBsonDocument();
        set.Remove("_id");
        if (except is not null)
        {
            set.Remove(except);
        }

        var unset = new BsonDocument(Fields<T>.Names.Where(name => name != except && !set.Contains(name)).Select(name => new BsonElement(name, "")));
        return new BsonDocument("$set", set).Add("$unset", unset, unset.ElementCount > 0);
    }

    /// <summary>The document under an id that it has no field for.</summary>
    public static BsonDocument WithId<T>(T document, string id)
    {
        var stored = document.ToBsonDocument();
        stored.InsertAt(0, new BsonElement("_id", id));
        return stored;
    }

    private static class Fields<T>
    {
        public static readonly IReadOnlyList<string> Names =
            [.. BsonClassMap.LookupClassMap(typeof(T)).AllMemberMaps.Select(member => member.ElementName).Where(name => name != "_id")];
    }
}
