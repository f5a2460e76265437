using MongoDB.Bson;
using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>Makes a replica set of one out of a server that was started as a member of none: so that no one has to type it into a shell.</summary>
internal static class ReplicaSet
{
    /// <summary>Leaves alone: a set that is initiated, a server that belongs to none, and an address of several servers, whose set its operator initiates.</summary>
    public static async Task InitiateAsync(MongoClientSettings settings, CancellationToken cancellation)
    {
        if (settings.ReplicaSetName is not { } name || settings.Servers.ToList() is not [var server])
        {
            return;
        }

        // A server without a set is found only when it is asked directly.
        var direct = settings.Clone();
        direct.ReplicaSetName = null;
        direct.DirectConnection = true;
        using var client = new MongoClient(direct);
        var admin = client.GetDatabase("admin");
        var hello = await admin.RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), cancellationToken: cancellation);
        if (hello.Contains("setName") || !hello.GetValue("isreplicaset", false).ToBoolean())
        {
            return;
        }

        var member = new BsonDocument { { "_id", 0 }, { "host", server.ToString() } };
        try
        {
            await admin.RunCommandAsync<BsonDocument>(
                new BsonDocument("replSetInitiate", new BsonDocument { { "_id", name }, { "members", new BsonArray { member } } }), cancellationToken: cancellation);
        }
        catch (MongoCommandException exception) when (exception.CodeName is "AlreadyInitialized" or "ConfigurationInProgress")
        {
            // Another service was a moment faster.
        }
    }
}
