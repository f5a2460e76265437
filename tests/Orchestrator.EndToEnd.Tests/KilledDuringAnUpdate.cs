using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>The single node is killed at each step of an update, and started again: the end is as if nothing had been.</summary>
[Trait("Lane", "faults")]
public sealed class KilledDuringAnUpdate : IAsyncLifetime
{
    private const string App = "killed";
    private const int Replicas = 3;
    private static readonly TimeSpan StartCost = TimeSpan.FromSeconds(3);
    private SingleNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await Engine.ImageAsync(1);
        _node = await SingleNode.StartAsync();
        await _node.Api.DeployAsync(App, SteppedUpdate.File(1, Replicas));
        await _node.Api.ConvergedAsync(App, "job");
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    [Fact]
    public async Task AtEveryStep_ItEndsAsUndisturbed_WithNoTaskTooMany()
    {
        var undisturbed = await UpdateAsync(2, null);
        (string State, int Done)[] steps = [("Planned", 0), ("Progressing", 0), ("Progressing", 1), ("Progressing", 2), ("Monitoring", 3), ("Completed", 3)];
        for (var i = 0; i < steps.Length; i++)
        {
            var disturbed = await UpdateAsync(3 + i, steps[i]);

            // The time that it was away is not its own; the start of a process takes a part of the machine.
            Assert.True(disturbed <= (1.5 * undisturbed) + StartCost, $"killed at {steps[i]} it took {disturbed.TotalSeconds:0.0} s, undisturbed {undisturbed.TotalSeconds:0.0} s");
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"killed at {steps[i]}: {disturbed.TotalSeconds:0.0} s, undisturbed {undisturbed.TotalSeconds:0.0} s"));
        }
    }

    private async Task<TimeSpan> UpdateAsync(int version, (string State, int Done)? killAt)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        var answer = await _node.Api.DeployAsync(App, SteppedUpdate.File(version, Replicas));
        var revision = answer.At("revisions").Text("job");
        var away = TimeSpan.Zero;
        if (killAt is { } step)
        {
            await Until.IsAsync(() => _node.Api.GetAsync($"rollouts/{App}/job"), found => SteppedUpdate.HasReached(found.At("rollout"), step), $"it is at {step}");
            var killed = time.GetTimestamp();
            await _node.KillAsync();
            await _node.StartAgainAsync();
            away = time.GetElapsedTime(killed);
        }

        await Until.IsAsync(
            () => _node.Api.GetAsync($"rollouts/{App}/job?revision={revision}"), found => found.At("rollout").Text("state") == "Completed", $"revision {revision} is completed");
        var took = time.GetElapsedTime(start) - away;
        var tasks = await _node.Api.RunningAsync(App, "job", Replicas, task => task.Text("revision") == revision);
        Assert.Equal([1, 2, 3], tasks.Select(task => task.GetProperty("slot").GetInt32()).Order());
        Assert.Equal(Replicas, (await _node.Api.TasksAsync(App, all: true)).Count(task => task.Text("revision") == revision));
        return took;
    }
}
