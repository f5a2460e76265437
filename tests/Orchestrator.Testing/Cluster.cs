namespace Orchestrator.Testing;

/// <summary>A cluster of separate processes on one broker and one database; its containers go when it is disposed.</summary>
public sealed class Cluster : IInstallation
{
    private static readonly Lazy<Task<string?>> Lack = new(FindLackAsync);
    private readonly Dictionary<string, string> _environment;
    private readonly IReadOnlyList<IAsyncDisposable> _owned;

    private Cluster(string bus, string mongo, ClusterShape shape, IReadOnlyList<IAsyncDisposable> owned)
    {
        _owned = owned;
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
        Agents = [.. Enumerable.Range(1, shape.Agents).Select(number => NewAgent(number, shape))];
        Api = new Api(Apis[0].Port, TokenPath);
    }

    public string ClusterId { get; }

    public string State { get; } = Directory.CreateTempSubdirectory("orch-test-cluster-").FullName;

    /// <summary>Where every API of it keeps the one token.</summary>
    public string TokenPath => Path.Combine(State, "token");

    /// <summary>The first API's.</summary>
    public Api Api { get; }

    public IReadOnlyList<ServiceProcess> Schedulers { get; }

    public IReadOnlyList<ServiceProcess> Apis { get; }

    public IReadOnlyList<ServiceProcess> HealthMonitors { get; }

    public IReadOnlyList<ServiceProcess> Agents { get; }

    public IReadOnlyList<int> ProcessIds => [.. All.Select(process => process.Id)];

    public IEnumerable<ServiceProcess> All => [.. Schedulers, .. HealthMonitors, .. Agents, .. Apis];

    /// <returns>What this machine lacks for one, as a skip names it; null when it lacks nothing.</returns>
    public static Task<string?> MissingAsync() => Lack.Value;

    public static Task<Cluster> StartAsync(string bus, string mongo, ClusterShape? shape = null) => StartWithAsync(bus, mongo, shape, []);

    /// <summary>On a virtual host and a database of its own, which go with it. Only where <see cref="MissingAsync"/> says null.</summary>
    public static async Task<Cluster> StartAloneAsync(ClusterShape? shape = null)
    {
        var broker = (await Broker.TryCreateAsync())!;
        var mongo = Mongo.TryCreate()!;
        return await StartWithAsync(broker.Uri, mongo.Uri, shape, [broker, mongo]);
    }

    /// <summary>Starts what does not run, and returns when the API is ready and every agent's node can take tasks.</summary>
    public async Task StartAgainAsync()
    {
        var down = All.Where(process => !process.Runs).ToList();
        down.ForEach(process => process.Begin());
        await Task.WhenAll(down.Select(process => process.ReadyAsync()));
        await Until.IsAsync(() => Api.ReadyNodesAsync(), count => count >= Agents.Count, "every node is ready", TimeSpan.FromSeconds(180));
    }

    public Task KillAsync() => Task.WhenAll(All.Where(process => process.Runs).Select(process => process.KillAsync()));

    public async Task<int> StopAsync() => (await Task.WhenAll(All.Where(process => process.Runs).Select(process => process.StopAsync()))).Max();

    public Task<ShellResult> OrchAsync(params IEnumerable<string> arguments) => OrchInAsync(State, arguments);

    public Task<ShellResult> OrchInAsync(string folder, params IEnumerable<string> arguments) => Shell.RunAsync(
        "dotnet",
        [Repository.Program("Orchestrator.Cli", "orch"), .. arguments],
        new Dictionary<string, string> { ["ORCH_API"] = Api.Address.ToString(), ["ORCH_STATE"] = State, ["NO_COLOR"] = "1" },
        folder);

    /// <summary>The last lines of every service.</summary>
    public string Log() => string.Join("\n\n", All.Select(process => process.Log()));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(process => process.DisposeAsync().AsTask()));
        Api.Dispose();
        await Engine.RemoveAllAsync(ClusterId);
        Directory.Delete(State, recursive: true);
        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    private static async Task<Cluster> StartWithAsync(string bus, string mongo, ClusterShape? shape, IReadOnlyList<IAsyncDisposable> owned)
    {
        var cluster = new Cluster(bus, mongo, shape ?? new ClusterShape(), owned);
        try
        {
            await cluster.StartAgainAsync();
            return cluster;
        }
        catch (Exception exception)
        {
            // What ran is gone when the test tells of it.
            var log = cluster.Log();
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"{exception.Message}\n\n{log}", exception);
        }
    }

    private static async Task<string?> FindLackAsync()
    {
        if (!Engine.IsThere || !Mongo.IsThere)
        {
            return Engine.IsThere ? Mongo.Missing : Engine.Missing;
        }

        await using var broker = await Broker.TryCreateAsync();
        return broker is null ? Broker.Missing : null;
    }

    private ServiceProcess NewAgent(int number, ClusterShape shape)
    {
        var environment = new Dictionary<string, string>(shape.OfAgent(number).Concat(_environment).DistinctBy(option => option.Key))
        {
            ["NodeAgent__NodeId"] = $"{ClusterId[..8]}-{number}",
            ["NodeAgent__NodeName"] = $"node-{number}",
        };
        if (shape.Lab is not { } lab)
        {
            // Agents here share this machine's network, which is left as it is; the lab's have networks of their own.
            environment["NodeAgent__Network"] = "false";
            return new ServiceProcess("Orchestrator.NodeAgent", environment);
        }

        environment["NodeAgent__StateFolder"] = lab.AgentState(number);
        environment["NodeAgent__Address"] = lab.Address(number);
        return new ServiceProcess("Orchestrator.NodeAgent", environment, lab.Address(number), lab.In(number));
    }
}
