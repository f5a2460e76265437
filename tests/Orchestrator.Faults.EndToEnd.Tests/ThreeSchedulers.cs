using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Three schedulers take work from one queue.</summary>
[Collection(nameof(WithThreeSchedulers))]
public sealed class ThreeSchedulers(WithThreeSchedulers fixture)
{
    private const int ServicesPerApp = 10;

    [Theory]
    [InlineData(30, Traits = ["LaneToo", "faults"])]
    [InlineData(300, Traits = ["Lane", "faults"])]
    public async Task ServicesAtOnce_OnNearlyFullNodes_NeverTakeMoreThanThereIs_AndWhatDoesNotFitWaitsWithAReason(int services)
    {
        var scene = fixture.Scene;
        var free = (double)services / 20;
        var filler = string.Create(CultureInfo.InvariantCulture, $"filler-{services}");
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = filler, Compose = Simulated.Compose(replicas: WithThreeSchedulers.Nodes, cpus: WithThreeSchedulers.Cpus - (free / WithThreeSchedulers.Nodes)) });
        await scene.SettledAsync(filler, "job", WithThreeSchedulers.Nodes);

        await using var watch = new CapacityWatch(scene.Stores);
        var apps = Enumerable.Range(0, services / ServicesPerApp).Select(number => string.Create(CultureInfo.InvariantCulture, $"crowd-{services}-{number}")).ToList();
        await Task.WhenAll(apps.Select(app => scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Compose() })));
        var tasks = await Until.IsAsync(
            () => CrowdAsync(scene, apps),
            list => list.Count == services && list.All(task => task.State == TaskState.Running ? task.Ready : task is { State: TaskState.Pending, Message: not null }),
            "what fits runs, and the rest has a reason",
            TimeSpan.FromMinutes(3));

        Assert.All(tasks.Where(task => task.State == TaskState.Pending), task => Assert.StartsWith("no node takes it", task.Message, StringComparison.Ordinal));
        Assert.Contains(tasks, task => task.State == TaskState.Pending);
        Assert.Contains(tasks, task => task.State == TaskState.Running);
        await NothingMoreFitsAsync(scene, tasks);
        await Until.IsAsync(() => scene.Stores.UnansweredAsync(), ids => ids.Count == 0, "every command is answered");

        // Room comes free: those that waited take it.
        await scene.TakenAsync(HttpMethod.Delete, "apps/" + filler);
        await Until.IsAsync(() => CrowdAsync(scene, apps), list => list.Count == services && list.All(task => task is { State: TaskState.Running, Ready: true }), "all run", TimeSpan.FromMinutes(3));
        await watch.NothingOverAsync();
        await scene.RemovedAsync(apps);
    }

    [Theory]
    [InlineData(1, Traits = ["LaneToo", "faults"])]
    [InlineData(20, Traits = ["Lane", "faults"])]
    public async Task TwoDeploysOfOneApplicationAtOnce_EndAsOneOfThem_Whole(int rounds)
    {
        var scene = fixture.Scene;
        await using var left = await Outsider.ConnectAsync(scene.Broker.ControlUri);
        await using var right = await Outsider.ConnectAsync(scene.Broker.ControlUri);
        for (var round = 0; round < rounds; round++)
        {
            var app = string.Create(CultureInfo.InvariantCulture, $"twin-{rounds}-{round}");
            var (a, b) = (Deploy(app, "a:1", "web", "db"), Deploy(app, "b:1", "web", "cache"));
            await Task.WhenAll(left.PublishAsync(a), right.PublishAsync(b));
            foreach (var id in new[] { a.CommandId!, b.CommandId! })
            {
                await Until.IsAsync(() => scene.Stores.Results.FindAsync(id, CancellationToken.None), answer => answer is not null, $"{id} is answered");
            }

            await Until.IsAsync(
                () => Task.FromResult(string.Join(' ', scene.Nodes!.Of(app).Where(task => task.State == TaskState.Running).Select(task => $"{task.Spec!.Service}={task.Spec.Container.Image}").Order())),
                running => running is "db=a:1 db=a:1 web=a:1 web=a:1" or "cache=b:1 cache=b:1 web=b:1 web=b:1",
                "one of them runs, whole",
                TimeSpan.FromMinutes(2));
            var services = await Until.IsAsync(() => scene.Stores.Services.ListAsync(app, CancellationToken.None), list => list.Count == 2, "two services are left");
            foreach (var service in services)
            {
                await scene.SettledAsync(app, service.Name, 2);
            }

            await scene.RemovedAsync(app);
        }
    }

    private static DeployApp Deploy(string app, string image, params IEnumerable<string> services) => new()
    {
        CommandId = $"{app}-{image}",
        App = app,
        Spec = new ApplicationSpec { Services = [.. services.Select(name => new ServiceSpec { Name = name, Replicas = 2, Container = new ContainerSpec { Image = image } })] },
    };

    private static string Compose() => "services:\n" + string.Concat(Enumerable.Range(0, ServicesPerApp).Select(number => $$"""
          s{{number}}: { image: "simulated:1", deploy: { resources: { reservations: { cpus: "{{Cpus(number)}}" } } } }

        """));

    /// <summary>A tenth each on average, in three sizes.</summary>
    private static string Cpus(int number) => (0.05 + (number % 3 * 0.05)).ToString(CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<TaskDocument>> CrowdAsync(Scene scene, IReadOnlyList<string> apps) =>
        [.. (await scene.Stores.Tasks.ListAsync(null, null, CancellationToken.None)).Where(task => apps.Contains(task.App) && !task.State.IsFinal())];

    private static async Task NothingMoreFitsAsync(Scene scene, IReadOnlyList<TaskDocument> tasks)
    {
        var smallest = tasks.Where(task => task.State == TaskState.Pending).Min(task => double.Parse(Cpus(task.Service[1] - '0'), CultureInfo.InvariantCulture));
        Assert.All(await scene.Stores.Nodes.ListAsync(CancellationToken.None), node => Assert.True(
            node.Capacity.Cpus - CapacityWatch.Reserved(node) < smallest - CapacityWatch.Tolerance, $"{node.Name} has room for {smallest} CPUs: {CapacityWatch.Reserved(node)} of {node.Capacity.Cpus} are taken"));
    }
}
