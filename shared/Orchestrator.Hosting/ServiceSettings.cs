namespace Orchestrator.Hosting;

/// <summary>What a service of the cluster is told by its environment. Everything else is an option with a default: <c>Section__Key</c>.</summary>
/// <param name="environment">Reads a variable; null when it is not set.</param>
public sealed class ServiceSettings(Func<string, string?> environment)
{
    private const string ListenVariable = "ORCH_LISTEN";

    /// <summary>The broker with user and password: <c>ORCH_BUS</c>.</summary>
    /// <exception cref="FormatException">It is not set.</exception>
    public string Bus => Required("ORCH_BUS", "the broker's address: amqp://user:password@host:5672/vhost");

    /// <summary>The authority (PEM) that signed the broker's certificate: <c>ORCH_BUS_CA</c>; null: what the machine trusts.</summary>
    public string? BusCa => Optional("ORCH_BUS_CA");

    /// <summary>Whether queues are quorum queues: <c>ORCH_QUORUM_QUEUES</c>; the same for all processes of a cluster.</summary>
    /// <exception cref="FormatException">It is neither true nor false.</exception>
    public bool QuorumQueues => Optional("ORCH_QUORUM_QUEUES") is { } text
        && (bool.TryParse(text, out var quorum) ? quorum : throw new FormatException($"ORCH_QUORUM_QUEUES '{text}': write true or false"));

    /// <summary>The database: <c>ORCH_MONGO</c>.</summary>
    /// <exception cref="FormatException">It is not set.</exception>
    public string Mongo => Required("ORCH_MONGO", "the database's address: mongodb://user:password@host:27017/orchestrator");

    /// <summary>The same for all services of a cluster, and no other's: <c>ORCH_CLUSTER_ID</c>.</summary>
    /// <exception cref="FormatException">It is not set.</exception>
    public string ClusterId => Required("ORCH_CLUSTER_ID", "8 to 64 letters and digits, the same for every service of the cluster");

    /// <summary>Where health, metrics and the API are served: <c>ORCH_LISTEN</c>; loopback unless told otherwise.</summary>
    public string ListenOr(int port) => Optional(ListenVariable) ?? $"http://127.0.0.1:{port}";

    /// <summary>Null when it is not set or blank.</summary>
    public string? Optional(string name) => environment(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private string Required(string name, string meaning) =>
        Optional(name) ?? throw new FormatException($"{name} is not set; write {meaning}");
}
