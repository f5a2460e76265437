namespace Orchestrator.EndToEnd.Tests;

/// <summary>All its processes end, one way or the other, and come back.</summary>
public abstract class RestartScenarios
{
    [Fact]
    public async Task ARestart_TakesOverRunningContainers()
    {
        await using var node = await StartAsync();
        await node.Api.DeployAsync("keep", Compose.Shell(Compose.Forever, replicas: 3));
        var before = await node.Api.RunningAsync("keep", "job", 3);
        Assert.Equal(0, await node.StopAsync());
        Assert.Equal(3, (await Engine.ContainersAsync(all: false, "orchestrator.cluster=" + node.ClusterId)).Count);

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
        await using var node = await StartAsync();
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
        await using var node = await StartAsync();
        await node.Api.DeployAsync("ten", Compose.Shell(Compose.Forever, replicas: 10));
        await Until.IsAsync(
            () => Engine.ContainersAsync(all: true, "orchestrator.cluster=" + node.ClusterId), found => found.Count is >= 2 and < 10, "the deploy is under way");
        await node.KillAsync();
        await node.StartAgainAsync();

        var tasks = await node.Api.RunningAsync("ten", "job", 10, task => task.Text("desired") == "Run");
        Assert.Equal(Enumerable.Range(1, 10), tasks.Select(task => task.GetProperty("slot").GetInt32()).Order());
        var running = await Engine.ContainersAsync(all: false, "orchestrator.cluster=" + node.ClusterId);
        Assert.Equal(Ids(tasks), running.ToHashSet());
    }

    [Fact]
    public async Task KilledRightAfterACommandWasTaken_ItIsCarriedOut()
    {
        await using var node = await StartAsync();
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
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.Api.DeployAsync("twin", Compose.Shell(Compose.Forever, replicas: 2));
        await two.Api.DeployAsync("twin", Compose.Shell(Compose.Forever, replicas: 3));
        var ofOne = await one.Api.RunningAsync("twin", "job", 2);
        var ofTwo = await two.Api.RunningAsync("twin", "job", 3);
        Assert.False(Ids(ofOne).Overlaps(Ids(ofTwo)));

        await one.Api.RemoveAsync("twin");
        await one.Api.GoneAsync("twin");
        Assert.Equal(Ids(ofTwo), Ids(await two.Api.RunningAsync("twin", "job", 3)));
        Assert.Equal(3, (await Engine.ContainersAsync(all: false, "orchestrator.cluster=" + two.ClusterId)).Count);
    }

    /// <returns>One that is the test's alone. Skips the test where the machine lacks something.</returns>
    protected abstract Task<IInstallation> StartAsync();

    private static HashSet<string> Ids(IEnumerable<System.Text.Json.JsonElement> tasks) => [.. tasks.Select(task => task.Text("containerId"))];
}
