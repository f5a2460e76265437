using System.Globalization;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>A copy of the checkout with a .env, a project and ports of its own; everything that was made goes when it is disposed.</summary>
internal sealed class ComposedCluster : IAsyncDisposable
{
    /// <summary>What the shell that runs the tests may have set goes before .env.</summary>
    private static readonly string[] WithoutTheShells = ["-u", "ORCH_API", "-u", "ORCH_PORT", "-u", "ORCH_STATE", "-u", "ORCH_TOKEN"];
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(40);
    private readonly string _name = "orch-test-" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-compose-").FullName;
    private readonly string _agentPort = SingleNode.FreePort().ToString(CultureInfo.InvariantCulture);
    private readonly Dictionary<string, string> _environment;

    private ComposedCluster()
    {
        ShopPort = SingleNode.FreePort();
        AgentState = Path.Combine(_folder, "second-machine");
        _environment = new Dictionary<string, string>
        {
            ["COMPOSE_PROJECT_NAME"] = _name,
            ["SHOP_PORT"] = ShopPort.ToString(CultureInfo.InvariantCulture),
            ["NO_COLOR"] = "1",
        };
    }

    public string ClusterId => _name;

    public string NodeId => "node-" + _name;

    public int ShopPort { get; }

    public string AgentState { get; }

    public static async Task<ComposedCluster> CopyAsync()
    {
        var cluster = new ComposedCluster();
        var copy = $"tar -C '{Repository.Root}' --exclude=./artifacts --exclude=./.git --exclude=./.env -c . | tar -x -C '{cluster._folder}'";
        (await Shell.RunAsync("bash", ["-c", "set -o pipefail; " + copy])).OutputOrThrow();
        await cluster.WriteSettingsAsync();
        return cluster;
    }

    /// <summary>The example with other names and ports.</summary>
    private async Task WriteSettingsAsync()
    {
        var settings = await File.ReadAllTextAsync(Path.Combine(_folder, ".env.example"));
        string Free() => SingleNode.FreePort().ToString(CultureInfo.InvariantCulture);
        var broker = Free();
        foreach (var (name, value) in new[]
        {
            ("ORCH_CLUSTER_ID", _name), ("ORCH_NODE_ID", NodeId), ("ORCH_PORT", Free()), ("ORCH_BROKER_PORT", broker), ("ORCH_BROKER_MANAGEMENT_PORT", Free()),
            ("ORCH_BROKER_TLS_PORT", Free()), ("ORCH_AGENT_PORT", Free()), ("ORCH_BROKER_ADDRESS", "amqp://127.0.0.1:" + broker),
        })
        {
            var line = settings.Split('\n').Single(line => line.StartsWith(name + "=", StringComparison.Ordinal));
            settings = settings.Replace(line + "\n", $"{name}={value}\n", StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, ".env"), settings);
    }

    /// <summary>As a user types it.</summary>
    public Task UpAsync(int schedulers) => ComposeAsync("up", "-d", "--build", "--scale", $"scheduler={schedulers}", "--scale", "api=2", "--scale", "health-monitor=2");

    public async Task<string> ComposeAsync(params string[] arguments)
    {
        var result = await RunAsync(["docker", "compose", .. arguments]);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"docker compose {string.Join(' ', arguments)}: {result.Error}\n{await LogAsync()}");
    }

    /// <returns>The ids of a service's containers.</returns>
    public async Task<IReadOnlyList<string>> ContainersAsync(params string[] services) =>
        (await ComposeAsync(["ps", "-q", .. services])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every container is healthy, and none ever started again.</summary>
    public async Task HealthyAsync()
    {
        await Until.IsAsync(
            async () => await Engine.RunAsync(["inspect", "-f", "{{.Name}} {{.State.Health.Status}} {{.RestartCount}}", .. await ContainersAsync()]),
            seen => seen.Split('\n').All(line => line.EndsWith(" healthy 0", StringComparison.Ordinal)),
            "all containers are healthy",
            TimeSpan.FromMinutes(5));
    }

    /// <summary>A script of the checkout.</summary>
    /// <param name="script">Its path there.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="more">Variables of its own.</param>
    public Task<ShellResult> ScriptAsync(string script, IEnumerable<string> arguments, params (string Name, string Value)[] more) =>
        RunAsync([.. more.Select(pair => $"{pair.Name}={pair.Value}"), "bash", script, .. arguments]);

    public async Task<string> OrchAsync(params string[] arguments)
    {
        var result = await ScriptAsync("infra/orch", arguments);
        return result.ExitCode == 0 ? result.Output : throw new InvalidOperationException($"orch {string.Join(' ', arguments)}: {result.Error}{result.Output}\n{await LogAsync()}");
    }

    public async Task<IReadOnlyList<JsonElement>> ListAsync(params string[] arguments) =>
        [.. JsonSerializer.Deserialize<JsonElement>(await OrchAsync([.. arguments, "--json"])).EnumerateArray()];

    /// <summary>What the first machine's node is like.</summary>
    public async Task<JsonElement> NodeAsync() => JsonSerializer.Deserialize<JsonElement>(await OrchAsync("node", "inspect", NodeId, "--json"));

    /// <summary>What docker-compose.yml shall say otherwise, from the next command on.</summary>
    public Task OverrideAsync(string compose) => File.WriteAllTextAsync(Path.Combine(_folder, "docker-compose.override.yml"), compose);

    /// <summary>Takes the cluster's network off this machine, which its containers have left.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> UninstallAsync()
    {
        await RunAsync(["docker", "compose", "stop", "node-agent"]);
        return (await RunAsync(["docker", "compose", "run", "--rm", "--no-deps", "-T", "node-agent", "uninstall"])).Error;
    }

    /// <summary>Deploys the sample, and waits.</summary>
    public Task<ShellResult> DeployAsync(int version) => ScriptAsync(
        "infra/orch",
        ["deploy", "-f", "infra/samples/shop/compose.yaml", "--wait", "--timeout", "3m"],
        ("SHOP_VERSION", version.ToString(CultureInfo.InvariantCulture)));

    public async Task NodesAsync(int count) => await Until.IsAsync(
        async () => (await ScriptAsync("infra/orch", ["node", "ls", "--json"])) is { ExitCode: 0 } nodes
            ? JsonSerializer.Deserialize<JsonElement>(nodes.Output).EnumerateArray().Count(node => node.Text("liveness") == "Ready")
            : 0,
        ready => ready == count,
        $"{count} nodes are ready",
        TimeSpan.FromMinutes(3));

    public async ValueTask DisposeAsync()
    {
        if (await Engine.RunAsync("ps", "-aq", "--filter", "volume=" + AgentState) is { Length: > 0 } agent)
        {
            await Engine.RunAsync("rm", "-f", agent);
        }

        await RunAsync(["docker", "compose", "stop", "node-agent"]);
        await Engine.RemoveAllAsync(_name);
        await UninstallAsync();
        await RunAsync(["docker", "compose", "down", "-v", "--rmi", "local", "--remove-orphans"]);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The agent of a second machine, which is this one again.</summary>
    public Task<ShellResult> AgentAsync(params string[] arguments) =>
        ScriptAsync("infra/agent.sh", arguments, ("ORCH_STATE", AgentState), ("ORCH_AGENT_PORT", _agentPort), ("ORCH_AGENT_IMAGE", _name + "-node-agent"));

    private Task<ShellResult> RunAsync(IEnumerable<string> command) => Shell.RunAsync("env", [.. WithoutTheShells, .. command], _environment, _folder, BuildLimit);

    private async Task<string> LogAsync() => (await RunAsync(["docker", "compose", "logs", "--tail", "15", "--no-color"])).Output;
}
