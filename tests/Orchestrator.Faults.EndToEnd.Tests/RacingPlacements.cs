using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.Simulator;
using Orchestrator.State;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Scaling, updates, preemption and rebalancing race on nodes too small for all, while schedulers are killed and messages disturbed.</summary>
[Collection(nameof(WithRebalancingSchedulers))]
public sealed class RacingPlacements(WithRebalancingSchedulers fixture)
{
    private const int Steps = 10;
    private const double Share = 0.1;

    /// <summary>Together they fit in the end; on the way they need not.</summary>
    private static readonly (string Name, int Priority, int Most, int AtTheEnd)[] Services = [("low", 10, 60, 25), ("mid", 50, 40, 20), ("high", 90, 40, 25)];

    [Theory]
    [InlineData(1, Traits = ["Lane", "faults"])]
    [InlineData(2, Traits = ["Lane", "faults"])]
    [InlineData(3, Traits = ["Lane", "faults"])]
    public async Task NoNodeEverHasTooMuch_NoSlotTwoTasks_AndInTheEndAllRuns(int seed)
    {
        var scene = fixture.Scene;
        var random = new Random(seed);
        var app = string.Create(CultureInfo.InvariantCulture, $"race-{seed}");
        try
        {
            await RaceAsync(scene, random, app, seed);
        }
        finally
        {
            scene.Nodes!.Disturbances = null;
            await scene.RemovedAsync(app);
        }
    }

    private static async Task RaceAsync(Scene scene, Random random, string app, int seed)
    {
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Compose(1) });
        await Until.IsAsync(() => Stores.AnsweredAsync(() => scene.Stores.Services.ListAsync(app, CancellationToken.None)), list => list.Count == Services.Length, $"{app} is deployed");
        await using var watch = new CapacityWatch(scene.Stores);
        scene.Nodes!.Disturbances = new Disturbances(seed, Share);
        for (var step = 0; step < Steps; step++)
        {
            await (random.Next(6) switch
            {
                0 => scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Compose(step + 2) }),
                1 => KillAsync(scene.Cluster.Schedulers[random.Next(scene.Cluster.Schedulers.Count)]),
                _ => Task.WhenAll(Services.Select(service => ScaleAsync(scene, app, service.Name, random.Next(service.Most + 1)))),
            });
            await NoSlotHasTwoAsync(scene, app);
        }

        scene.Nodes.Disturbances = null;
        await Task.WhenAll(Services.Select(service => ScaleAsync(scene, app, service.Name, service.AtTheEnd)));
        foreach (var service in Services)
        {
            await scene.SettledAsync(app, service.Name, service.AtTheEnd);
        }

        await NoSlotHasTwoAsync(scene, app);
        await watch.NothingOverAsync();
    }

    private static Task ScaleAsync(Scene scene, string app, string service, int replicas) =>
        scene.TakenAsync(HttpMethod.Post, $"services/{app}/{service}/scale", new { Replicas = replicas });

    private static async Task KillAsync(ServiceProcess scheduler)
    {
        await scheduler.KillAsync();
        await scheduler.StartAsync();
    }

    /// <summary>One that is told to run per slot and revision; but one that is to be moved runs until the one that takes its place does.</summary>
    private static async Task NoSlotHasTwoAsync(Scene scene, string app)
    {
        var running = (await scene.Stores.Tasks.ListAsync(app, null, CancellationToken.None)).Where(task => task is { Desired: DesiredState.Run, NodeLost: false, Move: null } && !task.State.IsFinal());
        var doubled = running.GroupBy(task => (task.Service, task.Slot, task.Revision)).Where(slot => slot.Count() > 1).Select(slot => $"{slot.Key}: {string.Join(", ", slot.Select(Describe))}").ToList();
        Assert.True(doubled.Count == 0, string.Join('\n', doubled));
    }

    private static string Describe(TaskDocument task) => $"{task.Id} attempt {task.Attempt} {task.State} on {task.NodeId}, moves {task.Move}, nominated {task.Nomination} ({task.Message})";

    private static string Compose(int version) => "services:\n" + string.Concat(Services.Select(service => string.Create(CultureInfo.InvariantCulture, $$"""
          {{service.Name}}: { image: "simulated:{{version}}", deploy: { replicas: {{service.AtTheEnd}}, resources: { reservations: { cpus: "1" } }, update_config: { monitor: 0s } }, x-orchestrator: { rollout: { min_healthy_time: 0s }, priority: {{service.Priority}}, preemption: lower } }

        """)));
}
