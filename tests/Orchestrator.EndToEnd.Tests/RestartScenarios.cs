namespace Orchestrator.EndToEnd.Tests;

/// <summary>All its processes end, one way or the other, and come back.</summary>
public abstract class RestartScenarios
{
    [Fact]
    public async Task ARestart_TakesOverRunningContainers()
    {
        var node = await StartAsync();
        await node.Api.DeployAsync("keep", Compose.Shell(Compose.Forever, replicas: 3));
        var before = await node.Api.RunningAsync("keep", "job", 3);
        Assert.Equal(0, await node.StopAsync());
        Assert.Equal(3, (await ContainersAsync(node, "keep")).Count);

        await node.StartAgainAsync();
        var after = await node.Api.RunningAsync("keep", "job", 3);
        Assert.Equal(Ids(before), Ids(after));
        await node.Api.ScaleAsync("keep", "job", 4);
        var more = await node.Api.RunningAsync("keep", "job", 4);
        Assert.Subset(Ids(more), Ids(before));
    }

    [Fact]
    public async Task WhatEndedWhileItWasAway_IsReplaced_AndAnApplicationRemovedMeanwhileIsNot()
    {
        var node = await StartAsync();
        await node.Api.DeployAsync("away", Compose.Shell(Compose.Forever, replicas: 3));
        var before = await node.Api.RunningAsync("away", "job", 3);
        await node.StopAsync();
        await Engine.RunAsync("kill", before[0].Text("containerId"));
        await Engine.RunAsync("rm", "-f", before[1].Text("containerId"));

        await node.StartAgainAsync();
        var after = await Until.IsAsync(
            () => node.Api.TasksAsync("away"),
            tasks => tasks.Count == 3 && tasks.All(task => task.Text("state") == "Running") && !Ids(tasks).Overlaps(Ids([before[0], before[1]])),
            "the lost two are replaced");
        Assert.Contains(before[2].Text("containerId"), Ids(after));
    }

    [Fact]
    public async Task KilledInTheMiddleOfADeployOfTen_ItConverges_NoneTwiceAndNoneLost()
    {
        var node = await StartAsync();
        await node.Api.DeployAsync("ten", Compose.Shell(Compose.Forever, replicas: 10));
        await Until.IsAsync(
            () => ContainersAsync(node, "ten", all: true), found => found.Count is >= 2 and < 10, "the deploy is under way");
        await node.KillAsync();
        await node.StartAgainAsync();

        var tasks = await node.Api.RunningAsync("ten", "job", 10, task => task.Text("desired") == "Run");
        Assert.Equal(Enumerable.Range(1, 10), tasks.Select(task => task.GetProperty("slot").GetInt32()).Order());
        var running = await ContainersAsync(node, "ten");
        Assert.Equal(Ids(tasks), running.ToHashSet());
    }

    [Fact]
    public async Task KilledRightAfterACommandWasTaken_ItIsCarriedOut()
    {
        var node = await StartAsync();
        using (var taken = await node.Api.SendAsync(HttpMethod.Post, "deploy", new { App = "taken", Compose = Compose.Shell(Compose.Forever) }))
        {
            Assert.Equal(System.Net.HttpStatusCode.Accepted, taken.StatusCode);
            await node.KillAsync();
        }

        await node.StartAgainAsync();
        await node.Api.RunningAsync("taken", "job", 1);
    }

    [Fact]
    public async Task TwoClustersOnOneEngine_LeaveEachOtherAlone()
    {
        var one = await StartAsync();
        var two = await StartAnotherAsync();
        await one.Api.DeployAsync("twin", Compose.Shell(Compose.Forever, replicas: 2));
        await two.Api.DeployAsync("twin", Compose.Shell(Compose.Forever, replicas: 3));
        var ofOne = await one.Api.RunningAsync("twin", "job", 2);
        var ofTwo = await two.Api.RunningAsync("twin", "job", 3);
        Assert.False(Ids(ofOne).Overlaps(Ids(ofTwo)));

        await one.Api.RemoveAsync("twin");
        await one.Api.GoneAsync("twin");
        Assert.Equal(Ids(ofTwo), Ids(await two.Api.RunningAsync("twin", "job", 3)));
        Assert.Equal(3, (await ContainersAsync(two, "twin")).Count);
    }

    /// <returns>One that no other test uses meanwhile. Skips the test where the machine lacks something.</returns>
    protected abstract Task<IInstallation> StartAsync();

    protected abstract Task<IInstallation> StartAnotherAsync();

    private static Task<IReadOnlyList<string>> ContainersAsync(IInstallation node, string app, bool all = false) =>
        Engine.ContainersAsync(all, "orchestrator.cluster=" + node.ClusterId, "orchestrator.app=" + app);

    private static HashSet<string> Ids(IEnumerable<System.Text.Json.JsonElement> tasks) => [.. tasks.Select(task => task.Text("containerId"))];
}
