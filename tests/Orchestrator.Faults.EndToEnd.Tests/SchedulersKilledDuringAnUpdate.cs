using System.Text.Json;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Schedulers, each a process of its own, are killed at each step of an update: the end is as if nothing had been.</summary>
[Collection(nameof(WithSeveralOfEach))]
public sealed class SchedulersKilledDuringAnUpdate(WithSeveralOfEach fixture, ITestOutputHelper output)
{
    private const string App = "headless";
    private const int Replicas = 3;
    private static readonly TimeSpan StartCost = TimeSpan.FromSeconds(5);

    [Fact]
    [Trait("Lane", "faults")]
    public async Task AtEveryStep_ItEndsAsUndisturbed_WithNoTaskTooMany()
    {
        var scene = fixture.Scene;
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App, Compose = SteppedUpdate.File(1, Replicas) });
        await scene.SettledAsync(App, "job", Replicas);
        var undisturbed = await UpdateAsync(scene, 2, null);
        (string State, int Done)[] steps = [("Planned", 0), ("Progressing", 0), ("Progressing", 1), ("Progressing", 2), ("Monitoring", 3)];
        for (var i = 0; i < steps.Length; i++)
        {
            var disturbed = await UpdateAsync(scene, 3 + i, steps[i]);
            var told = FormattableString.Invariant($"killed at {steps[i]} it took {disturbed.TotalSeconds:0.0} s, undisturbed {undisturbed.TotalSeconds:0.0} s");
            output.WriteLine(told);

            // The time that none was there is not the update's; the start of processes takes a part of the machine.
            Assert.True(disturbed <= (1.5 * undisturbed) + StartCost, told);
        }

        await scene.RemovedAsync(App);
    }

    private static async Task<TimeSpan> UpdateAsync(Scene scene, int version, (string State, int Done)? killAt)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        using var stop = new CancellationTokenSource();
        var watching = MostAsync(scene, stop.Token);
        var answer = await scene.Cluster.Api.DeployAsync(App, SteppedUpdate.File(version, Replicas));
        var revision = answer.At("revisions").Text("job");
        var away = TimeSpan.Zero;
        if (killAt is { } step)
        {
            await Until.IsAsync(() => RolloutAsync(scene, revision), found => SteppedUpdate.HasReached(found, step), $"it is at {step}");
            var killed = time.GetTimestamp();
            await scene.LoseAsync(Part.Scheduler);
            await Task.WhenAll(scene.Cluster.Schedulers.Select(scheduler => scheduler.ReadyAsync()));
            away = time.GetElapsedTime(killed);
        }

        await Until.IsAsync(() => RolloutAsync(scene, revision), found => found.Text("state") == "Completed", $"revision {revision} is completed");
        var took = time.GetElapsedTime(start) - away;
        await stop.CancelAsync();
        Assert.InRange(await watching, Replicas, Replicas + 1);

        var tasks = await scene.SettledAsync(App, "job", Replicas);
        Assert.All(tasks, task => Assert.Equal(revision, FormattableString.Invariant($"{task.Revision}")));
        Assert.Equal(Replicas, (await scene.Cluster.Api.TasksAsync(App, all: true)).Count(task => task.Text("revision") == revision));
        Assert.Equal(tasks.Select(task => task.ContainerId).Order(), (await Containers.ListAsync(scene.Cluster, App)).Order());
        return took;
    }

    /// <returns>The most tasks that were to run at one time.</returns>
    private static async Task<int> MostAsync(Scene scene, CancellationToken stop)
    {
        var most = 0;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, (await scene.Cluster.Api.TasksAsync(App, "job")).Count(task => task.Text("desired") == "Run"));
        }

        return most;
    }

    private static async Task<JsonElement> RolloutAsync(Scene scene, string revision) =>
        (await scene.Cluster.Api.ListAsync($"rollouts?all=true&app={App}")).FirstOrDefault(rollout => rollout.Text("to") == revision);
}
