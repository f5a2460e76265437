namespace Orchestrator.Testing;

/// <summary>A cluster of separate processes on one broker and one database; its containers go when it is disposed.</summary>
public sealed class Cluster : IInstallation
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orch-test-cluster-").FullName;
    private readonly Dictionary<string, string> _environment;

    private Cluster(string bus, string mongo, ClusterShape shape)
    {
        ClusterId = Guid.NewGuid().ToString("N");
        _environment = new Dictionary<string, string>(shape.Options)
        {
            ["ORCH_BUS"] = bus,
            ["ORCH_MONGO"] = mongo,
            ["ORCH_CLUSTER_ID"] = ClusterId,
            ["Api__TokenFile"] = TokenPath,
        };
        Schedulers = [.. Enumerable.Range(0, shape.Schedulers).Select(_ => new ServiceProcess("Orchestrator.Scheduler", _environment))];
        Apis = [.. Enumerable.Range(0, shape.Apis).Select(_ => new ServiceProcess("Orchestrator.Api", _environment))];
        HealthMonitors = [.. Enumerable.Range(0, shape.HealthMonitors).Select(_ => new ServiceProcess("Orchestrator.HealthMonitor", _environment))];
        Agents = [.. Enumerable.Range(1, shape.Agents).Select(NewAgent)];
        Api = new Api(Apis[0].Port, TokenPath);
    }

    public string ClusterId { get; }

    /// <summary>Where every API of it keeps the one token.</summary>
    public string TokenPath => Path.Combine(_folder, "token");

    /// <summary>The first API's.</summary>
    public Api Api { get; }

    public IReadOnlyList<ServiceProcess> Schedulers { get; }

    public IReadOnlyList<ServiceProcess> Apis { get; }

    public IReadOnlyList<ServiceProcess> HealthMonitors { get; }

    public IReadOnlyList<ServiceProcess> Agents { get; }

    public IEnumerable<ServiceProcess> All => [.. Schedulers, .. HealthMonitors, .. Agents, .. Apis];

    public static async Task<Cluster> StartAsync(string bus, string mongo, ClusterShape? shape = null)
    {
        var cluster = new Cluster(bus, mongo, shape ?? new ClusterShape());
        await cluster.StartAgainAsync();
        return cluster;
    }

    /// <summary>Starts what does not run, and returns when the API is ready and every agent's node can take tasks.</summary>
    public async Task StartAgainAsync()
    {
        var down = All.Where(process => !process.Runs).ToList();
        down.ForEach(process => process.Begin());
        await Task.WhenAll(down.Select(process => process.ReadyAsync()));
        await Until.IsAsync(() => Api.ReadyNodesAsync(), count => count >= Agents.Count, "every node is ready", TimeSpan.FromSeconds(60));
    }

    public Task KillAsync() => Task.WhenAll(All.Where(process => process.Runs).Select(process => process.KillAsync()));

    public async Task<int> StopAsync() => (await Task.WhenAll(All.Where(process => process.Runs).Select(process => process.StopAsync()))).Max();

    public Task<ShellResult> OrchAsync(params IEnumerable<string> arguments) => OrchInAsync(_folder, arguments);

    public Task<ShellResult> OrchInAsync(string folder, params IEnumerable<string> arguments) => Shell.RunAsync(
        "dotnet",
        [Repository.Program("Orchestrator.Cli", "orch"), .. arguments],
        new Dictionary<string, string> { ["ORCH_API"] = Api.Address.ToString(), ["ORCH_STATE"] = _folder, ["NO_COLOR"] = "1" },
        folder);

    /// <summary>The last lines of every service.</summary>
    public string Log() => string.Join("\n\n", All.Select(process => process.Log()));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(process => process.DisposeAsync().AsTask()));
        Api.Dispose();
        await Engine.RemoveAllAsync(ClusterId);
        Directory.Delete(_folder, recursive: true);
    }

    private ServiceProcess NewAgent(int number) => new(
        "Orchestrator.NodeAgent",
        new Dictionary<string, string>(_environment)
        {
            ["NodeAgent__NodeId"] = $"{ClusterId[..8]}-{number}",
            ["NodeAgent__NodeName"] = $"node-{number}",
        });
}
