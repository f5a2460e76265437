using MongoDB.Driver;

namespace Orchestrator.State.Mongo;

/// <summary>Where the database is, and how it is talked to.</summary>
internal sealed class MongoAddress
{
    /// <summary>How long to look for a primary. The address may say otherwise: <c>serverSelectionTimeoutMS</c>.</summary>
    public static readonly TimeSpan DefaultServerSelectionTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may take; <c>connectTimeoutMS</c>.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may take; <c>socketTimeoutMS</c>. Without it a call would wait for ever for a machine that has vanished.</summary>
    public static readonly TimeSpan DefaultSocketTimeout = TimeSpan.FromSeconds(30);

    private MongoAddress(string database, MongoClientSettings settings) => (Database, Settings) = (database, settings);

    public string Database { get; }

    public MongoClientSettings Settings { get; }

    /// <param name="uri"><c>mongodb://user:password@host:port/database?replicaSet=name</c>.</param>
    /// <exception cref="FormatException">The text is no address of a MongoDB database.</exception>
    public static MongoAddress Parse(string uri)
    {
        var url = Read(uri);
        if (string.IsNullOrEmpty(url.DatabaseName))
        {
            throw new FormatException($"MongoDB address '{Shown(url)}': it names no database; write mongodb://host:27017/orchestrator");
        }

        var settings = MongoClientSettings.FromUrl(url);
        bool Says(string option) => uri.Contains(option + "=", StringComparison.OrdinalIgnoreCase);
        settings.ServerSelectionTimeout = Says("serverSelectionTimeoutMS") ? settings.ServerSelectionTimeout : DefaultServerSelectionTimeout;
        settings.ConnectTimeout = Says("connectTimeoutMS") ? settings.ConnectTimeout : DefaultConnectTimeout;
        settings.SocketTimeout = Says("socketTimeoutMS") ? settings.SocketTimeout : DefaultSocketTimeout;

        // An answered write is in the journals of a majority: it outlives the loss of the primary.
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);

        // The primary has every answered write, so reads see our own. What it has beyond that may still be rolled back with it,
        // but whatever is decided on it ends in a compare-and-set that a majority has to take.
        settings.ReadPreference = ReadPreference.Primary;
        settings.ReadConcern = ReadConcern.Local;
        return new MongoAddress(url.DatabaseName, settings);
    }

    private static MongoUrl Read(string uri)
    {
        try
        {
            return new MongoUrl(uri);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or MongoException)
        {
            // The text may hold a password, and so may what the driver says of it.
            throw new FormatException("the MongoDB address cannot be read; write mongodb://user:password@host:27017/orchestrator?replicaSet=rs0, with special characters in the password percent-encoded");
        }
    }

    private static string Shown(MongoUrl url) => "mongodb://" + string.Join(',', url.Servers.Select(server => server.ToString()));
}
