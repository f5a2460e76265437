using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>One RabbitMQ server with a folder of its own, on loopback.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string Server = "/usr/sbin/rabbitmq-server";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private readonly int _managementPort = SingleNode.FreePort();
    private Process? _process;

    /// <summary>False where RabbitMQ is not installed or may not be started.</summary>
    public static bool CanStart => File.Exists(Server) && Environment.UserName == "root";

    public string Folder { get; } = Directory.CreateTempSubdirectory("orch-test-broker-").FullName;

    public string Name { get; } = $"orch-test-{Guid.NewGuid().ToString("N")[..8]}@localhost";

    /// <summary>Without TLS.</summary>
    public int Port { get; } = SingleNode.FreePort();

    public bool Runs => _process is { HasExited: false };

    private string PidFile => Path.Combine(Folder, "pid");

    public string ManagementUri(string user, string password) => $"http://{user}:{password}@127.0.0.1:{_managementPort}";

    /// <param name="configuration">What <c>rabbitmq.conf</c> says besides the ports.</param>
    public async Task PrepareAsync(string configuration)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "enabled_plugins"), "[rabbitmq_management,rabbitmq_event_exchange].\n");
        await File.WriteAllTextAsync(Path.Combine(Folder, "env"), "");
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {_managementPort}
            {configuration}

            """);
        (await Shell.RunAsync("chown", ["-R", "rabbitmq:rabbitmq", Folder])).OutputOrThrow();
    }

    /// <summary>Returns when it takes connections on its ports, and on these.</summary>
    public async Task StartAsync(params IReadOnlyList<int> morePorts)
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
            async () => _process.HasExited
                ? throw new InvalidOperationException("RabbitMQ ended: " + await LogAsync())
                : (await Task.WhenAll(((IEnumerable<int>)[Port, _managementPort, .. morePorts]).Select(AnswersAsync))).All(answers => answers),
            answers => answers,
            "RabbitMQ answers",
            StartLimit);
    }

    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Freezes it: its connections stay open, and nothing comes through.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Asks the management API.</summary>
    public async Task<JsonElement> GetAsync(string user, string password, string path)
    {
        using var client = Client(user, password);
        return await client.GetFromJsonAsync<JsonElement>(path);
    }

    /// <summary>Loads definitions over the management API.</summary>
    public async Task LoadAsync(string user, string password, string definitions)
    {
        using var client = Client(user, password);
        using var body = new StringContent(definitions, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("definitions", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (Runs)
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private HttpClient Client(string user, string password)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_managementPort}/api/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return client;
    }

    /// <summary>To the server itself, which is a child of the script that was started.</summary>
    private async Task SignalAsync(string signal)
    {
        var server = await File.ReadAllTextAsync(PidFile);
        (await Shell.RunAsync("kill", ["-" + signal, server.Trim()])).OutputOrThrow();
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

    private Dictionary<string, string> Settings() => new()
    {
        ["RABBITMQ_NODENAME"] = Name,
        ["RABBITMQ_DIST_PORT"] = SingleNode.FreePort().ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Folder, "rabbitmq"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(Folder, "env"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(Folder, "log"),
        ["RABBITMQ_PID_FILE"] = PidFile,
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    private async Task<string> LogAsync() =>
        Directory.Exists(Path.Combine(Folder, "log"))
            ? string.Join('\n', await Task.WhenAll(Directory.GetFiles(Path.Combine(Folder, "log")).Select(file => File.ReadAllTextAsync(file))))
            : "it wrote no log";
}
