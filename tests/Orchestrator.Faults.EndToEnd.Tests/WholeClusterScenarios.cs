using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>The broker is away for long; everything ends and comes back.</summary>
[Collection(nameof(OnContainers))]
public sealed class WholeClusterScenarios(OnContainers fixture)
{
    [Theory]
    [InlineData(5, Traits = ["Lane", "faults"])]
    [InlineData(60, Traits = ["Lane", "faults"])]
    public async Task WithoutTheBroker_ReadsAreAnswered_WritesAreStored_AndAllCatchesUp(int seconds)
    {
        var scene = fixture.Scene;
        var app = $"away-{seconds}";
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Containers.Compose(3) });
        await scene.SettledAsync(app, "job", 3);
        var before = await Containers.StartsAsync(scene.Cluster, app);

        await scene.Broker.KillAsync();
        var start = TimeProvider.System.GetTimestamp();
        using (var taken = await scene.Cluster.Api.SendAsync(HttpMethod.Post, $"services/{app}/job/scale", new { Replicas = 5 }))
        {
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        using (var taken = await scene.Cluster.Api.SendAsync(HttpMethod.Post, "deploy", new { App = app + "-new", Compose = Containers.Compose(2) }))
        {
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        await Until.IsAsync(
            async () => (await ReadAsync(scene, app), TimeProvider.System.GetElapsedTime(start).TotalSeconds),
            seen => seen.TotalSeconds >= seconds,
            "the broker has been away for long enough",
            TimeSpan.FromSeconds(seconds + 60));
        Assert.Equal(before.Keys.Order(), (await Containers.StartsAsync(scene.Cluster, app)).Keys.Order());
        await scene.Broker.StartAgainAsync();

        await scene.SettledAsync(app, "job", 5);
        await scene.SettledAsync(app + "-new", "job", 2);
        Assert.Subset((await Containers.StartsAsync(scene.Cluster, app)).ToHashSet(), before.ToHashSet());
        Assert.Equal(5, (await Containers.ListAsync(scene.Cluster, app, all: true)).Count);
        await scene.RemovedAsync(app);
        await scene.RemovedAsync(app + "-new");
    }

    [Theory]
    [InlineData(false, Traits = ["Lane", "faults"])]
    [InlineData(true, Traits = ["Lane", "faults"])]
    public async Task ARestartOfEverything_KeepsEverything(bool killed)
    {
        var scene = fixture.Scene;
        var app = killed ? "after-kill" : "after-stop";
        var command = await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = Containers.Compose(10) });
        var before = await scene.SettledAsync(app, "job", 10);
        var containers = await Containers.StartsAsync(scene.Cluster, app);
        var events = await scene.Cluster.Api.ListAsync($"events?app={app}");
        if (killed)
        {
            await scene.Cluster.KillAsync();
        }
        else
        {
            Assert.Equal(0, await scene.Cluster.StopAsync());
        }

        await scene.Broker.KillAsync();
        Assert.Equal(containers.OrderBy(pair => pair.Key), (await Containers.StartsAsync(scene.Cluster, app)).OrderBy(pair => pair.Key));
        await scene.Broker.StartAgainAsync();
        await scene.Cluster.StartAgainAsync();

        var after = await scene.SettledAsync(app, "job", 10);
        Assert.Equal(before.Select(task => (task.Id, task.ContainerId)), after.Select(task => (task.Id, task.ContainerId)));
        Assert.Equal(containers.OrderBy(pair => pair.Key), (await Containers.StartsAsync(scene.Cluster, app)).OrderBy(pair => pair.Key));
        Assert.Equal("Accepted", (await scene.Cluster.Api.GetAsync("commands/" + command)).Text("state"));
        Assert.Subset((await scene.Cluster.Api.ListAsync($"events?app={app}")).Select(item => item.Text("eventId")).ToHashSet(), events.Select(item => item.Text("eventId")).ToHashSet());
        await scene.TakenAsync(HttpMethod.Post, $"services/{app}/job/scale", new { Replicas = 11 });
        await scene.SettledAsync(app, "job", 11);
        await scene.RemovedAsync(app);
    }

    private static async Task<int> ReadAsync(Scene scene, string app)
    {
        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(3, (await scene.Cluster.Api.TasksAsync(app)).Count(task => task.Text("state") == nameof(TaskState.Running)));
        var rows = (await scene.Cluster.Api.ListAsync("services")).Count + (await scene.Cluster.Api.ListAsync("nodes")).Count;
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "reads wait for the broker");
        return rows;
    }
}
