namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>A node has less of its disk left than it is told to need: it gets no new work, and what runs there stays.</summary>
public sealed class NodeShortOfDisk
{
    private const string Mark = "NodeAgent__LowDiskPercent";

    [Fact]
    [Trait("Lane", "faults")]
    public async Task ItGetsNoNewTask_AndLosesNone_UntilItHasEnoughAgain()
    {
        Assert.SkipUnless(await Cluster.MissingAsync() is null, await Cluster.MissingAsync() ?? "");
        await Engine.ImageAsync(1);

        // An agent that is started again shall be no lost node, however slow the machine.
        await using var cluster = await Cluster.StartAloneAsync(new ClusterShape { Agents = 2, Options = new Dictionary<string, string> { ["HealthMonitor__LostAfter"] = "00:02:00" } });
        await cluster.Api.DeployAsync("before", OnePerNode);
        var before = await cluster.Api.RunningAsync("before", "job", 2);
        Assert.Equal(["node-1", "node-2"], before.Select(task => task.Text("node")).Order());
        var starts = await Containers.StartsAsync(cluster, "before");

        // Of no disk all is free.
        await StartAgainAsync(cluster.Agents[1], "100");
        await Until.IsAsync(
            () => cluster.Api.GetAsync("status"),
            status => status.GetProperty("problems").EnumerateArray().Any(problem => problem.GetString() == "node node-2 is short of disk space and gets no new tasks"),
            "the node is short of disk space");
        await cluster.Api.DeployAsync("after", OnePerNode);
        var waiting = await Until.IsAsync(
            () => cluster.Api.TasksAsync("after"),
            tasks => tasks.Count == 2 && tasks.Any(task => task.Text("state") == "Running") && tasks.Any(task => task.Text("message").Contains("node-2 is short of disk space", StringComparison.Ordinal)),
            "one task runs, one waits");
        Assert.Equal("node-1", waiting.Single(task => task.Text("state") == "Running").Text("node"));
        Assert.Equal(before.Select(task => task.Text("id")).Order(), (await cluster.Api.RunningAsync("before", "job", 2)).Select(task => task.Text("id")).Order());
        Assert.Equal(starts, await Containers.StartsAsync(cluster, "before"));

        await StartAgainAsync(cluster.Agents[1], null);
        Assert.Equal(["node-1", "node-2"], (await cluster.Api.RunningAsync("after", "job", 2)).Select(task => task.Text("node")).Order());
        Assert.Equal(starts, await Containers.StartsAsync(cluster, "before"));
    }

    private static async Task StartAgainAsync(ServiceProcess agent, string? mark)
    {
        await agent.KillAsync();
        agent.Set(Mark, mark);
        agent.Begin();
        await agent.ReadyAsync();
    }

    private static string OnePerNode => Containers.Compose(2).Replace("replicas: 2", "replicas: 2, placement: { max_replicas_per_node: 1 }", StringComparison.Ordinal);
}
