using System.Net.Sockets;

namespace Orchestrator.Testing;

/// <summary>A virtual host of its own on the local RabbitMQ.</summary>
public sealed class Broker : IAsyncDisposable
{
    public const string Missing = "no RabbitMQ";
    private const string Node = "rabbit@localhost";
    private readonly string _name;

    private Broker(string name) => _name = name;

    public string Uri => $"rabbitmq://guest:guest@127.0.0.1:5672/{_name}";

    /// <summary>The same virtual host through a <see cref="TcpProxy"/>.</summary>
    public string UriAt(int port) => $"rabbitmq://guest:guest@127.0.0.1:{port}/{_name}";

    public string AmqpUri => $"amqp://guest:guest@127.0.0.1:5672/{_name}";

    /// <returns>Null when there is no broker whose virtual hosts we may make.</returns>
    public static async Task<Broker?> TryCreateAsync()
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", 5672);
            var broker = new Broker("orch-test-" + Guid.NewGuid().ToString("N")[..8]);
            var made = await ControlAsync("add_vhost", broker._name);
            var allowed = await ControlAsync("set_permissions", "-p", broker._name, "guest", ".*", ".*", ".*");
            return made.ExitCode == 0 && allowed.ExitCode == 0 ? broker : null;
        }
        catch (Exception exception) when (exception is SocketException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <returns>Name and consumers of each queue.</returns>
    public async Task<IReadOnlyDictionary<string, int>> QueuesAsync() =>
        (await ControlAsync("-q", "list_queues", "-p", _name, "--no-table-headers", "name", "consumers")).OutputOrThrow()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Where(fields => fields.Length == 2)
            .ToDictionary(fields => fields[0], fields => int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture));

    public async Task<IReadOnlyList<string>> ExchangesAsync() =>
        (await ControlAsync("-q", "list_exchanges", "-p", _name, "--no-table-headers", "name")).OutputOrThrow().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Breaks every connection to this virtual host.</summary>
    public async Task BreakConnectionsAsync() => (await ControlAsync("-q", "close_all_connections", "-p", _name, "test")).OutputOrThrow();

    public async ValueTask DisposeAsync() => await ControlAsync("delete_vhost", _name);

    private static Task<ShellResult> ControlAsync(params IEnumerable<string> arguments) =>
        Shell.RunAsync("rabbitmqctl", arguments, new Dictionary<string, string> { ["RABBITMQ_NODENAME"] = Node });
}
