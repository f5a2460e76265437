using MongoDB.Driver;

namespace Orchestrator.Testing;

/// <summary>A database of its own on the MongoDB server that <c>ORCH_TEST_MONGO</c> names; <c>tests/run.sh</c> finds or starts one and sets it.</summary>
public sealed class Mongo : IAsyncDisposable
{
    public const string Missing = "no MongoDB server";
    private const string Variable = "ORCH_TEST_MONGO";
    private readonly MongoUrlBuilder _url;

    private Mongo(MongoUrlBuilder url) => _url = url;

    /// <summary>With the database's name.</summary>
    public string Uri => _url.ToString();

    public string Host => _url.Server.Host;

    public int Port => _url.Server.Port;

    public static bool IsThere => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <returns>Null when no server is named.</returns>
    public static Mongo? TryCreate() => IsThere
        ? new Mongo(new MongoUrlBuilder(Environment.GetEnvironmentVariable(Variable)) { DatabaseName = "orch-test-" + Guid.NewGuid().ToString("N")[..8] })
        : null;

    /// <summary>The same database by way of something that stands before the server.</summary>
    public string Through(string host, int port) => new MongoUrlBuilder(Uri) { Server = new MongoServerAddress(host, port), ReplicaSetName = null, DirectConnection = true }.ToString();

    /// <summary>Drops the database.</summary>
    public async ValueTask DisposeAsync()
    {
        using var client = new MongoClient(Uri);
        await client.DropDatabaseAsync(_url.DatabaseName);
    }
}
