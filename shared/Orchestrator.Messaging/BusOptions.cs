namespace Orchestrator.Messaging;

/// <summary>Which transport carries the messages.</summary>
public sealed record BusOptions
{
    public const ushort DefaultPrefetch = 200;
    private const string DefaultUser = "guest";

    /// <summary><c>amqp://user:password@host:port/vhost</c> (or <c>rabbitmq://</c>, <c>amqps://</c>); null: in memory, for services in one process.</summary>
    public Uri? Broker { get; init; }

    /// <summary>Accepts a broker whose certificate chains to the one in this file (PEM), and no other; null: what the machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>For a node agent: its user may declare its own queue and write the exchanges of reports, which somebody else declares.</summary>
    public bool DeclaresOwnQueueOnly { get; init; }

    /// <summary>
    /// The queues that outlive a process are quorum queues: in a cluster of brokers each has copies on several. The same for all processes of a cluster,
    /// and for the definitions: the broker refuses a queue that is there as another kind.
    /// </summary>
    public bool QuorumQueues { get; init; }

    /// <summary>What the broker shows of the connection; null: the process's name.</summary>
    public string? ConnectionName { get; init; }

    /// <summary>Messages a queue's consumers may hold at once.</summary>
    public ushort Prefetch { get; init; } = DefaultPrefetch;

    /// <summary>Tells a failure that passes by itself, such as a store that is away: the message is tried again for as long as it lasts.</summary>
    public Func<Exception, bool> IsOutage { get; init; } = _ => false;

    /// <summary>The broker's user that this process is; null: in memory, where nobody is asked.</summary>
    public string? User => Broker is null ? null : Broker.UserInfo.Split(':', 2) is [{ Length: > 0 } user, ..] ? Uri.UnescapeDataString(user) : DefaultUser;

    /// <exception cref="FormatException">The text is no address of a broker.</exception>
    public static BusOptions Parse(string? broker)
    {
        if (string.IsNullOrWhiteSpace(broker) || broker == "memory")
        {
            return new BusOptions();
        }

        return Uri.TryCreate(broker, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq" or "rabbitmqs"
            ? new BusOptions { Broker = uri }
            : throw new FormatException($"bus '{broker}': no broker address; write rabbitmq://user:password@host:5672/vhost, or memory");
    }
}
