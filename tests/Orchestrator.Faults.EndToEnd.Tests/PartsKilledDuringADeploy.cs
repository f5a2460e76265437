namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Something is killed in the middle of a deploy of containers: it ends as if nothing had been, and what ran was not touched.</summary>
[Collection(nameof(OnContainers))]
public sealed class PartsKilledDuringADeploy(OnContainers fixture)
{
    private const int Replicas = 30;

    [Theory]
    [InlineData(Part.Scheduler, Traits = ["Lane", "faults"])]
    [InlineData(Part.Api, Traits = ["Lane", "faults"])]
    [InlineData(Part.HealthMonitor, Traits = ["Lane", "faults"])]
    [InlineData(Part.Agent, Traits = ["Lane", "faults"])]
    [InlineData(Part.Broker, Traits = ["Lane", "faults"])]
    [InlineData(Part.Database, Traits = ["Lane", "faults"])]
    [InlineData(Part.DatabaseConnection, Traits = ["Lane", "faults"])]
    public async Task OfThirtyContainers_ItEndsAsIfNothingHadBeen(Part part)
    {
        Scene.Require(part);
        var scene = fixture.Scene;
        var app = "thirty-" + part.ToString().ToLowerInvariant();
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Containers.Compose(Replicas) });
        await Until.IsAsync(() => Containers.ListAsync(scene.Cluster, app), list => list.Count is >= 3 and < Replicas, "the deploy is under way");
        var before = await Containers.StartsAsync(scene.Cluster, app);

        await scene.LoseAsync(part);
        await scene.TakenAsync(HttpMethod.Post, $"services/{app}/job/scale", new { Replicas = Replicas + 1 });

        var tasks = await scene.SettledAsync(app, "job", Replicas + 1);
        var after = await Containers.StartsAsync(scene.Cluster, app);
        Assert.Equal(tasks.Select(task => task.ContainerId).Order(), after.Keys.Order());
        Assert.Subset(after.ToHashSet(), before.ToHashSet());
        if (part != Part.Agent)
        {
            // Only its own agent can leave one half made.
            Assert.All(tasks, task => Assert.Equal(1, task.Attempt));
            Assert.Equal(Replicas + 1, (await Containers.ListAsync(scene.Cluster, app, all: true)).Count);
        }

        await scene.RemovedAsync(app);
        await Until.IsAsync(() => Containers.ListAsync(scene.Cluster, app, all: true), list => list.Count == 0, "no container is left");
    }
}
