using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>A RabbitMQ of the test's own, with our definitions, TLS and the management API, on loopback: it may be killed, and its users are nobody else's.</summary>
public sealed class OwnBroker : IAsyncDisposable
{
    private const string Password = "test-password";
    private readonly BrokerProcess _server = new();
    private readonly int _securePort = SingleNode.FreePort();
    private readonly string? _address;

    private OwnBroker(string? address) => _address = address;

    /// <summary>The control plane's user, without TLS.</summary>
    public string ControlUri => ControlUriAt(Port);

    /// <summary>On 127.0.0.1, without TLS.</summary>
    public int Port => _server.Port;

    /// <summary>With TLS, without a user.</summary>
    public string SecureAddress => $"amqps://{_address ?? "127.0.0.1"}:{_securePort}";

    public string ManagementUri => _server.ManagementUri("admin", Password);

    public string CaFile => Path.Combine(_server.Folder, "certs", "ca.pem");

    /// <summary>The control plane's user, through a proxy.</summary>
    public static string ControlUriAt(int port, string host = "127.0.0.1") => $"amqp://orchestrator:{Password}@{host}:{port}/orchestrator";

    /// <param name="address">Of this machine, where others reach it with TLS; null: none does.</param>
    /// <returns>Null where RabbitMQ is not installed or may not be started.</returns>
    public static async Task<OwnBroker?> TryStartAsync(string? address = null)
    {
        if (!BrokerProcess.CanStart)
        {
            return null;
        }

        var broker = new OwnBroker(address);
        await broker.PrepareAsync();
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Returns when it takes connections.</summary>
    public Task StartAgainAsync() => _server.StartAsync(_securePort);

    public Task KillAsync() => _server.KillAsync();

    /// <summary>Freezes it: its connections stay open, and nothing comes through.</summary>
    public Task FreezeAsync() => _server.FreezeAsync();

    public Task ThawAsync() => _server.ThawAsync();

    /// <returns>Names of the users there are.</returns>
    public Task<IReadOnlyList<string>> UsersAsync() => NamesAsync("users");

    public Task<IReadOnlyList<string>> QueuesAsync() => NamesAsync("queues/orchestrator");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Our definitions with users, as the broker is started with them.</summary>
    internal static async Task RenderAsync(string path, bool quorum = false) => (await Shell.RunAsync(
        "bash",
        [Path.Combine(Repository.Root, "infra/rabbitmq/render.sh"), path],
        new Dictionary<string, string> { ["ORCH_BROKER_PASSWORD"] = Password, ["ORCH_BROKER_ADMIN_PASSWORD"] = Password, ["ORCH_QUORUM_QUEUES"] = quorum ? "true" : "false" })).OutputOrThrow();

    private async Task<IReadOnlyList<string>> NamesAsync(string kind) =>
        [.. (await _server.GetAsync("admin", Password, kind + "?columns=name")).EnumerateArray().Select(item => item.Text("name"))];

    private async Task PrepareAsync()
    {
        var certificates = Path.Combine(_server.Folder, "certs");
        (await Shell.RunAsync("bash", [Path.Combine(Repository.Root, "infra/certs.sh"), certificates, .. _address is null ? Array.Empty<string>() : [_address]])).OutputOrThrow();
        await RenderAsync(Path.Combine(_server.Folder, "definitions.json"));
        await _server.PrepareAsync($"""
            listeners.ssl.1 = 127.0.0.1:{_securePort}
            {(_address is null ? "" : $"listeners.ssl.2 = {_address}:{_securePort}")}
            ssl_options.cacertfile = {certificates}/ca.pem
            ssl_options.certfile = {certificates}/server.pem
            ssl_options.keyfile = {certificates}/server.key
            ssl_options.verify = verify_none
            event_exchange.vhost = orchestrator
            load_definitions = {_server.Folder}/definitions.json
            """);
    }
}
