using System.Net;
using Orchestrator.Contracts;
using Orchestrator.Simulator;
using Orchestrator.State;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>A cluster each part of which can be killed, its broker and database too, with nodes that run containers or only seem to.</summary>
public sealed class Scene : IAsyncDisposable
{
    private const string DatabaseKill = "ORCH_TEST_MONGO_KILL";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Mongo _mongo;
    private readonly TcpProxy _proxy;

    private Scene(OwnBroker broker, Mongo mongo, TcpProxy proxy, TcpProxy agentsProxy, Lab? lab, Cluster cluster)
    {
        (Broker, _mongo, _proxy, AgentsProxy, Lab, Cluster) = (broker, mongo, proxy, agentsProxy, lab, cluster);
        Stores = new Stores(mongo.Uri);
    }

    public OwnBroker Broker { get; }

    public Cluster Cluster { get; }

    /// <summary>The machines of the agents; null: all are on this one.</summary>
    public Lab? Lab { get; }

    /// <summary>Between the agents and the broker.</summary>
    public TcpProxy AgentsProxy { get; }

    public Stores Stores { get; }

    public SimulatedNodes? Nodes { get; private set; }

    /// <param name="shape">Of the cluster.</param>
    /// <param name="onLab">Each agent on a machine of its own.</param>
    /// <returns>Null where there is no broker to start.</returns>
    public static async Task<Scene?> TryStartAsync(ClusterShape shape, bool onLab = false)
    {
        if (await OwnBroker.TryStartAsync() is not { } broker)
        {
            return null;
        }

        Lab? lab = null;
        try
        {
            lab = onLab ? await Lab.UpAsync(shape.Agents, await Engine.ImageAsync(1)) : null;
            var mongo = Mongo.TryCreate()!;
            var proxy = new TcpProxy(mongo.Host, mongo.Port);
            var host = lab?.HostAddress ?? "127.0.0.1";
            var agentsProxy = new TcpProxy(IPAddress.Parse(host), "127.0.0.1", broker.Port);
            var throughProxy = shape with
            {
                Lab = lab,
                OfAgent = number => new Dictionary<string, string>(shape.OfAgent(number)) { ["ORCH_BUS"] = OwnBroker.ControlUriAt(agentsProxy.Port, host) },
            };
            return new Scene(broker, mongo, proxy, agentsProxy, lab, await Cluster.StartAsync(broker.ControlUri, mongo.Through("127.0.0.1", proxy.Port), throughProxy));
        }
        catch
        {
            await (lab?.DisposeAsync() ?? ValueTask.CompletedTask);
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Nodes that run nothing. Returns when all can take tasks.</summary>
    public async Task SimulateAsync(int count, double cpus, NodeConduct? conduct = null)
    {
        Nodes = SimulatedNodes.Start(Broker.ControlUri, Cluster.ClusterId, count, cpus, conduct: conduct is null ? null : _ => conduct);
        await Until.IsAsync(() => Cluster.Api.ReadyNodesAsync(), ready => ready >= count + Cluster.Agents.Count, $"{count} simulated nodes are ready");
    }

    /// <summary>Kills a part, all of its processes, and brings it back at once.</summary>
    public async Task LoseAsync(Part part)
    {
        switch (part)
        {
            case Part.Broker:
                await Broker.KillAsync();
                await Broker.StartAgainAsync();
                break;
            case Part.Database:
                (await Shell.RunAsync("bash", ["-c", Environment.GetEnvironmentVariable(DatabaseKill)!])).OutputOrThrow();
                break;
            case Part.DatabaseConnection:
                _proxy.Cut();
                await Until.IsAsync(() => Cluster.Api.IsReadyAsync(), ready => !ready, "the API has noticed");
                _proxy.Heal();
                break;
            default:
                await Task.WhenAll(Of(part).Select(service => service.KillAsync()));
                Of(part).ToList().ForEach(service => service.Begin());
                break;
        }
    }

    /// <summary>Waits until all processes of a part answer.</summary>
    public Task ReadyAsync(Part part) => Task.WhenAll(Of(part).Select(service => service.ReadyAsync()));

    /// <summary>Skips the test where there is nothing to kill.</summary>
    public static void Require(Part part) => Assert.SkipWhen(
        part == Part.Database && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DatabaseKill)), "no MongoDB server to kill");

    /// <summary>Sends a request until it is taken: whoever has no answer asks again.</summary>
    /// <returns>The command's id.</returns>
    public async Task<string> TakenAsync(HttpMethod method, string path, object? body = null)
    {
        var taken = await Until.IsAsync(() => TrySendAsync(method, path, body), text => text is not null, $"{method} {path} is taken");
        return System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(taken!).Text("commandId");
    }

    /// <summary>
    /// Waits until each slot of a service has its one task, running and ready, and nothing else is under way. Then no command is
    /// without an answer, and what is set aside on the nodes is what the live tasks need.
    /// </summary>
    public async Task<IReadOnlyList<TaskDocument>> SettledAsync(string app, string service, int replicas)
    {
        await Until.IsAsync(
            async () => Told(await Stores.AnsweredAsync(() => TasksAsync(app, service))),
            seen => seen.Tasks.Select(task => task.Slot).Order().SequenceEqual(Enumerable.Range(1, replicas)) && seen.Tasks.All(task => task is { State: TaskState.Running, Ready: true, Desired: DesiredState.Run, NodeLost: false }),
            $"{replicas} tasks of {app}/{service} run",
            Limit);
        await Until.IsAsync(() => Cluster.Api.IsReadyAsync(), ready => ready, "the API is ready", Limit);
        await Cluster.Api.ConvergedAsync(app, service, Limit);
        await Until.IsAsync(() => Stores.AnsweredAsync(() => Stores.UnansweredAsync()), ids => ids.Count == 0, "every command is answered", Limit);
        await Until.IsAsync(() => Stores.AnsweredAsync(() => Stores.WrongReservationsAsync()), wrong => wrong.Count == 0, "what is set aside is what the tasks need", Limit);
        return await TasksAsync(app, service);
    }

    /// <summary>Removes applications and waits until nothing of them is left, set aside included.</summary>
    public async Task RemovedAsync(params IEnumerable<string> apps)
    {
        var names = apps.ToHashSet();
        await Task.WhenAll(names.Select(app => TakenAsync(HttpMethod.Delete, "apps/" + app)));
        await Until.IsAsync(
            () => Stores.AnsweredAsync(() => Stores.Services.ListAsync(null, CancellationToken.None)),
            left => !left.Any(service => names.Contains(service.App)),
            $"{string.Join(", ", names)}: gone",
            Limit);
        await Until.IsAsync(() => Stores.AnsweredAsync(() => Stores.WrongReservationsAsync()), wrong => wrong.Count == 0, "nothing is left set aside", Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (Nodes is not null)
        {
            await Nodes.DisposeAsync();
        }

        // First: what stands still with its machine could not end.
        await (Lab?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Cluster.DisposeAsync();
        await Stores.DisposeAsync();
        _proxy.Dispose();
        AgentsProxy.Dispose();
        await _mongo.DisposeAsync();
        await Broker.DisposeAsync();
    }

    /// <summary>With what a failure of the test shows of them.</summary>
    private static (IReadOnlyList<TaskDocument> Tasks, string Summary) Told(IReadOnlyList<TaskDocument> tasks) =>
        (tasks, string.Join("; ", tasks.GroupBy(task => $"{task.State}, {task.Desired}, ready {task.Ready}, node {task.NodeId}, lost {task.NodeLost}, nominated {task.Nomination?.NodeId}, dirty {task.DirtySince}, due {task.InstructDueAt}, {task.Message}")
            .Select(group => $"{group.Count()} {group.Key}")));

    /// <returns>Tasks that have not ended.</returns>
    private async Task<IReadOnlyList<TaskDocument>> TasksAsync(string app, string service) =>
        [.. (await Stores.Tasks.ListAsync(app, service, CancellationToken.None)).Where(task => !task.State.IsFinal())];

    private IReadOnlyList<ServiceProcess> Of(Part part) => part switch
    {
        Part.Api => Cluster.Apis,
        Part.Scheduler => Cluster.Schedulers,
        Part.HealthMonitor => Cluster.HealthMonitors,
        _ => Cluster.Agents,
    };

    private async Task<string?> TrySendAsync(HttpMethod method, string path, object? body)
    {
        try
        {
            using var answer = await Cluster.Api.SendAsync(method, path, body);
            var text = await answer.Content.ReadAsStringAsync();
            return (int)answer.StatusCode switch
            {
                202 => text,
                >= 500 => null,
                _ => throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}"),
            };
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
