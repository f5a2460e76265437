using System.Text.Json;
using Orchestrator.Contracts;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Services, each a process of its own, are killed at each step of an update: the end is as if nothing had been.</summary>
[Collection(nameof(WithSeveralOnLab))]
public sealed class PartsKilledDuringAnUpdate(WithSeveralOnLab fixture, ITestOutputHelper output)
{
    private const int Replicas = 3;

    /// <summary>What processes that have just started may take from an update, until all of their code is compiled.</summary>
    private static readonly TimeSpan StartCost = TimeSpan.FromSeconds(5);

    /// <summary>The watcher leaves the processors to what it watches.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(Part.Scheduler, Traits = ["Lane", "faults"])]
    [InlineData(Part.Api, Traits = ["Lane", "faults"])]
    [InlineData(Part.HealthMonitor, Traits = ["Lane", "faults"])]
    [InlineData(Part.Agent, Traits = ["Lane", "faults"])]
    public async Task AtEveryStep_ItEndsAsUndisturbed_WithNoTaskTooMany(Part part)
    {
        var scene = fixture.Scene;
        var app = "stepped-" + part.ToString().ToLowerInvariant();
        await scene.TakenAsync(HttpMethod.Post, "deploy", new { App = app, Compose = SteppedUpdate.File(1, Replicas) });
        await scene.SettledAsync(app, "job", Replicas);
        var before = await UpdateAsync(app, 2, part, null);
        (string State, int Done)[] steps = [("Planned", 0), ("Progressing", 0), ("Progressing", 1), ("Progressing", 2), ("Monitoring", 3)];
        var disturbed = new List<TimeSpan>();
        foreach (var step in steps)
        {
            disturbed.Add(await UpdateAsync(app, 3 + disturbed.Count, part, step));
        }

        // Others may have the machine's processors for a while: the slower of two is what it takes undisturbed.
        var after = await UpdateAsync(app, 3 + steps.Length, part, null);
        var told = string.Join("; ", steps.Zip(disturbed).Select(step => FormattableString.Invariant($"{part} killed at {step.First}: {step.Second.TotalSeconds:0.0} s")))
            + FormattableString.Invariant($"; undisturbed {before.TotalSeconds:0.0} s and {after.TotalSeconds:0.0} s");
        output.WriteLine(told);
        await scene.RemovedAsync(app);
        Assert.True(disturbed.Max() <= (1.5 * (after > before ? after : before)) + StartCost, told);
    }

    private async Task<TimeSpan> UpdateAsync(string app, int version, Part part, (string State, int Done)? killAt)
    {
        var (scene, time) = (fixture.Scene, TimeProvider.System);
        var start = time.GetTimestamp();
        using var stop = new CancellationTokenSource();
        var watching = MostAsync(app, stop.Token);
        var answer = await scene.Cluster.Api.DeployAsync(app, SteppedUpdate.File(version, Replicas));
        var revision = answer.At("revisions").Text("job");
        var away = TimeSpan.Zero;
        if (killAt is { } step)
        {
            await Until.IsAsync(() => RolloutAsync(app, revision), found => SteppedUpdate.HasReached(found, step), $"it is at {step}");
            var killed = time.GetTimestamp();
            await scene.LoseAsync(part);
            await scene.ReadyAsync(part);

            // The time that none was there is not the update's, where it has to wait for them: it needs neither APIs nor health monitors.
            away = part is Part.Scheduler or Part.Agent ? time.GetElapsedTime(killed) : TimeSpan.Zero;
        }

        await Until.IsAsync(() => RolloutAsync(app, revision), found => found.Text("state") == "Completed", $"revision {revision} is completed");
        var took = time.GetElapsedTime(start) - away;
        await stop.CancelAsync();
        Assert.InRange(await watching, Replicas, Replicas + 1);

        var tasks = await scene.SettledAsync(app, "job", Replicas);
        Assert.All(tasks, task => Assert.Equal(revision, FormattableString.Invariant($"{task.Revision}")));
        Assert.Equal(tasks.Select(task => task.ContainerId).Order(), (await Containers.OnLabAsync(scene)).Select(container => container.Id).Order());
        if (part != Part.Agent)
        {
            // Only its own agent can leave one half made.
            Assert.Equal(Replicas, (await scene.Cluster.Api.TasksAsync(app, all: true)).Count(task => task.Text("revision") == revision));
        }

        return took;
    }

    /// <returns>The most tasks that were to run at one time.</returns>
    private async Task<int> MostAsync(string app, CancellationToken stop)
    {
        var most = 0;
        while (!stop.IsCancellationRequested)
        {
            var tasks = await fixture.Scene.Stores.Tasks.ListAsync(app, "job", CancellationToken.None);
            most = Math.Max(most, tasks.Count(task => task is { Desired: DesiredState.Run, NodeLost: false } && !task.State.IsFinal()));
            await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
        }

        return most;
    }

    private async Task<JsonElement> RolloutAsync(string app, string revision) =>
        (await fixture.Scene.Cluster.Api.ListAsync($"rollouts?all=true&app={app}")).FirstOrDefault(rollout => rollout.Text("to") == revision);
}
