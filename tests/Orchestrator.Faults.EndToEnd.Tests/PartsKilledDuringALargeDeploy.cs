using Orchestrator.Contracts;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Something is killed in the middle of a deploy of 500 tasks on nodes that run nothing.</summary>
[Collection(nameof(WithThreeSchedulers))]
public sealed class PartsKilledDuringALargeDeploy(WithThreeSchedulers fixture)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private const int Replicas = 500;

    [Theory]
    [InlineData(Part.Broker, Traits = ["Lane", "faults"])]
    [InlineData(Part.DatabaseConnection, Traits = ["Lane", "faults"])]
    [InlineData(Part.Scheduler, Traits = ["Lane", "faults"])]
    [InlineData(Part.Api, Traits = ["Lane", "faults"])]
    [InlineData(Part.HealthMonitor, Traits = ["Lane", "faults"])]
    [InlineData(Part.Database, Traits = ["Lane", "faults"])]
    public async Task OfFiveHundredTasks_ItEndsAsIfNothingHadBeen(Part part)
    {
        Scene.Require(part);
        var scene = fixture.Scene;
        scene.Nodes!.Pace = Pace;
        var app = "large-" + part.ToString().ToLowerInvariant();
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Simulated.Compose(Replicas, cpus: 0.1) });
        await Until.IsAsync(() => Task.FromResult(scene.Nodes.Of(app).Count), count => count > 0, "the deploy is under way");

        await scene.LoseAsync(part);
        scene.Nodes.Pace = TimeSpan.Zero;
        await scene.TakenAsync(HttpMethod.Post, $"services/{app}/job/scale", new { Replicas = Replicas + 1 });

        var tasks = await scene.SettledAsync(app, "job", Replicas + 1);
        Assert.All(tasks, task => Assert.Equal(1, task.Attempt));

        // Whatever a node ever ran, it runs; and nothing ran twice.
        var held = scene.Nodes.Of(app);
        Assert.All(held, task => Assert.Equal(TaskState.Running, task.State));
        Assert.Equal(tasks.Select(task => $"{task.Id} {task.NodeId}").Order(), held.Select(task => $"{task.Wanted.TaskId} {task.NodeId}").Order());
        await scene.RemovedAsync(app);
    }
}
