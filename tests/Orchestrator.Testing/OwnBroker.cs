using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>A RabbitMQ of the test's own, with our definitions, TLS and the management API, on loopback: it may be killed, and its users are nobody else's.</summary>
public sealed class OwnBroker : IAsyncDisposable
{
    private const string Server = "/usr/sbin/rabbitmq-server";
    private const string Password = "test-password";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-broker-").FullName;
    private readonly string _name = $"orch-test-{Guid.NewGuid().ToString("N")[..8]}@localhost";
    private readonly int _port = SingleNode.FreePort();
    private readonly int _securePort = SingleNode.FreePort();
    private readonly int _managementPort = SingleNode.FreePort();
    private Process? _process;

    private OwnBroker()
    {
    }

    /// <summary>The control plane's user, without TLS.</summary>
    public string ControlUri => ControlUriAt(_port);

    /// <summary>On 127.0.0.1, without TLS.</summary>
    public int Port => _port;

    /// <summary>With TLS, without a user.</summary>
    public string SecureAddress => $"amqps://127.0.0.1:{_securePort}";

    public string ManagementUri => $"http://admin:{Password}@127.0.0.1:{_managementPort}";

    public string CaFile => Path.Combine(_folder, "certs", "ca.pem");

    /// <summary>The control plane's user, through a proxy.</summary>
    public static string ControlUriAt(int port) => $"amqp://orchestrator:{Password}@127.0.0.1:{port}/orchestrator";

    /// <returns>Null where RabbitMQ is not installed or may not be started.</returns>
    public static async Task<OwnBroker?> TryStartAsync()
    {
        if (!File.Exists(Server) || Environment.UserName != "root")
        {
            return null;
        }

        var broker = new OwnBroker();
        await broker.PrepareAsync();
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Returns when it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Server) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Until.IsAsync(
            async () => _process.HasExited ? throw new InvalidOperationException("RabbitMQ ended: " + await LogAsync()) : await AnswersAsync(_managementPort) && await AnswersAsync(_securePort),
            answers => answers,
            "RabbitMQ answers",
            StartLimit);
    }

    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <returns>Names of the users there are.</returns>
    public Task<IReadOnlyList<string>> UsersAsync() => NamesAsync("users");

    public Task<IReadOnlyList<string>> QueuesAsync() => NamesAsync("queues/orchestrator");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string kind)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
        var items = await client.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{_managementPort}/api/{kind}?columns=name");
        return [.. items.EnumerateArray().Select(item => item.Text("name"))];
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task PrepareAsync()
    {
        var certificates = Path.Combine(_folder, "certs");
        (await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra/certs.sh"), certificates])).OutputOrThrow();
        (await Shell.RunAsync(
            "bash",
            [Path.Combine(Repository.Root, "infra/rabbitmq/render.sh"), Path.Combine(_folder, "definitions.json")],
            new Dictionary<string, string> { ["ORCH_BROKER_PASSWORD"] = Password, ["ORCH_BROKER_ADMIN_PASSWORD"] = Password })).OutputOrThrow();
        await File.WriteAllTextAsync(Path.Combine(_folder, "enabled_plugins"), "[rabbitmq_management,rabbitmq_event_exchange].\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "env"), "");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            listeners.ssl.1 = 127.0.0.1:{_securePort}
            ssl_options.cacertfile = {certificates}/ca.pem
            ssl_options.certfile = {certificates}/server.pem
            ssl_options.keyfile = {certificates}/server.key
            ssl_options.verify = verify_none
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_managementPort}
            event_exchange.vhost = orchestrator
            load_definitions = {_folder}/definitions.json

            """);
        (await Shell.RunAsync("chown", ["-R", "rabbitmq:rabbitmq", _folder])).OutputOrThrow();
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["RABBITMQ_NODENAME"] = _name,
        ["RABBITMQ_DIST_PORT"] = SingleNode.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_folder, "env"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
        ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    private async Task<string> LogAsync() =>
        Directory.Exists(Path.Combine(_folder, "log"))
            ? string.Join('\n', await Task.WhenAll(Directory.GetFiles(Path.Combine(_folder, "log")).Select(file => File.ReadAllTextAsync(file))))
            : "it wrote no log";
}
