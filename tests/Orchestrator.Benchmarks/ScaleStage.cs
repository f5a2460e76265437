using System.Globalization;
using System.Text;
using Orchestrator.Simulator;

namespace Orchestrator.Benchmarks;

/// <summary>
/// Simulated nodes with the whole control plane on this machine and a broker of its own: all services in one process on SQLite, or separate ones on
/// MongoDB. The single node's own agent, which runs real containers, gets no tasks.
/// </summary>
internal sealed class ScaleStage : IAsyncDisposable
{
    public const double CpusOfANode = 64;
    private const long MemoryOfANode = 256L << 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly List<IAsyncDisposable> _owned = [];

    private ScaleStage()
    {
    }

    public IInstallation Installation { get; private set; } = null!;

    public SimulatedNodes Nodes { get; private set; } = null!;

    public BusCounts Counts { get; private set; } = null!;

    public Api Api => Installation.Api;

    /// <summary>By name: services, broker, and this process, which is the simulator.</summary>
    public IReadOnlyDictionary<string, int> Processes { get; private set; } = new Dictionary<string, int>();

    /// <returns>Null where this machine lacks something for it, which is said.</returns>
    public static async Task<ScaleStage?> TryStartAsync(int nodes, bool mongo, IReadOnlyDictionary<string, string>? options = null, Func<int, NodeConduct>? conduct = null)
    {
        var stage = new ScaleStage();
        try
        {
            if (await stage.MissingAsync(nodes, mongo, options ?? new Dictionary<string, string>(), conduct) is not { } missing)
            {
                return stage;
            }

            await Console.Error.WriteLineAsync(missing);
            await stage.DisposeAsync();
            return null;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Services that are alike, each a group of equal tasks.</summary>
    private static string Compose(int services, int replicas, double cpus)
    {
        var text = new StringBuilder("services:\n");
        for (var number = 1; number <= services; number++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                  s{{number}}:
                    image: "simulated:1"
                    deploy: { replicas: {{replicas}}, resources: { reservations: { cpus: "{{cpus}}", memory: 256M } } }
                    x-orchestrator: { strategy: binpack }

                """);
        }

        return text.ToString();
    }

    /// <summary>Applications that are alike, all at once: <c>app1</c>, <c>app2</c>… Returns when they are accepted.</summary>
    public async Task DeployAsync(string app, int apps, int services, int replicas, double cpus = 1)
    {
        var compose = Compose(services, replicas, cpus);
        await Task.WhenAll(Enumerable.Range(1, apps).Select(number => Api.DeployAsync(app + number.ToString(CultureInfo.InvariantCulture), compose)));
    }

    /// <summary>Until so many tasks are stored as running.</summary>
    public async Task RunningAsync(int tasks)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var (said, running) = (0, 0.0); running < tasks;)
        {
            running = await Counts.SumAsync("""orchestrator_tasks{state="Running"}""");
            var seconds = (int)TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            if (seconds >= said + 5)
            {
                said = seconds;
                await Console.Error.WriteLineAsync($"{seconds} s: {running} of {tasks} run");
            }

            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"{running} of {tasks} tasks run; the services say: {Installation.Log()}");
            }

            if (running < tasks)
            {
                await Task.Delay(Look, TimeProvider.System);
            }
        }
    }

    public IReadOnlyDictionary<string, double> Cpu() => Processes.ToDictionary(process => process.Key, process => ProcessUse.CpuSeconds(process.Value));

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        Counts?.Dispose();
    }

    private async Task<string?> MissingAsync(int nodes, bool mongo, IReadOnlyDictionary<string, string> options, Func<int, NodeConduct>? conduct)
    {
        if (!mongo && !Engine.IsThere)
        {
            return Engine.Missing;
        }

        if (await OwnBroker.TryStartAsync() is not { } broker)
        {
            return Broker.Missing;
        }

        _owned.Add(broker);
        var all = new Dictionary<string, string>(options) { ["NodeAgent__Network"] = "false" };
        all.TryAdd("Scheduler__TasksCountedEvery", "00:00:00.250");
        if (mongo)
        {
            if (Mongo.TryCreate() is not { } database)
            {
                return Mongo.Missing;
            }

            _owned.Add(database);
            var cluster = await Cluster.StartAsync(broker.ControlUri, database.Uri, new ClusterShape { Agents = 0, Options = all });
            _owned.Add(cluster);
            Installation = cluster;
            Counts = new BusCounts(broker.ManagementUri, [.. cluster.All.Select(service => service.Port)]);
            Processes = cluster.All.ToDictionary(service => Idle.Kebab(service.Name.Replace("Orchestrator.", "", StringComparison.Ordinal)), service => service.Id);
        }
        else
        {
            var node = await SingleNode.StartAsync(broker.ControlUri, all);
            _owned.Add(node);
            Installation = node;
            Counts = new BusCounts(broker.ManagementUri, [node.Port]);
            Processes = new Dictionary<string, int> { ["single-node"] = node.ProcessIds[0] };
            await PauseAsync(node.Api);
        }

        Processes = new Dictionary<string, int>(Processes) { ["rabbitmq"] = await Counts.BrokerProcessAsync(), ["simulator"] = Environment.ProcessId };
        Nodes = SimulatedNodes.Start(broker.ControlUri, Installation.ClusterId, nodes, CpusOfANode, MemoryOfANode, conduct);
        _owned.Add(Nodes);
        await Until.IsAsync(() => ReadyAsync(), ready => ready >= nodes + (mongo ? 0 : 1), "all nodes are ready", Patience);
        return null;
    }

    private async Task<double> ReadyAsync()
    {
        await Task.Delay(Look, TimeProvider.System);
        return await Counts.SumAsync("""orchestrator_nodes{liveness="Ready"}""");
    }

    private static async Task PauseAsync(Api api)
    {
        var node = (await api.ListAsync("nodes")).Single().Text("id");
        using var taken = await api.SendAsync(HttpMethod.Patch, "nodes/" + node, new { Availability = "Pause" });
        taken.EnsureSuccessStatusCode();
        await Until.IsAsync(async () => (await api.GetAsync("nodes/" + node)).Text("availability"), availability => availability == "Pause", "the real node is paused");
    }
}
