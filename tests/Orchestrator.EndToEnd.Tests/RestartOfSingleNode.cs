namespace Orchestrator.EndToEnd.Tests;

public sealed class RestartOfSingleNode(OwnNode own, SharedNode shared) : RestartScenarios, IClassFixture<OwnNode>
{
    [Fact]
    public async Task ASecondProcessOnTheSameState_SaysSoAndEnds()
    {
        var node = await own.StartAsync();
        var second = await Shell.RunAsync(
            "dotnet", [Repository.Program("Orchestrator.SingleNode", "Orchestrator.SingleNode"), "--state", node.State, "--port", $"{SingleNode.FreePort()}"]);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("another process", second.Error, StringComparison.Ordinal);
        Assert.Equal(0, await node.StopAsync());
    }

    [Fact]
    public async Task AnEarlierState_IsRestored_WhatFitsIsTakenOver_AndTheRestRunsOnAndIsListed()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await using var node = await SingleNode.StartAsync();
        var file = Path.Combine(node.State, "backup");
        await node.Api.DeployAsync("old", Compose.Shell(Compose.Forever, replicas: 1));
        var first = Assert.Single(await node.Api.RunningAsync("old", "job", 1));
        (await node.OrchAsync("backup", "create", file)).OutputOrThrow();

        // Later than the copy: the slot has another task, and there are two slots more.
        await Engine.RunAsync("kill", first.Text("containerId"));
        await Until.IsAsync(() => node.Api.TasksAsync("old"), tasks => tasks.Any(task => task.Text("state") == "Running" && task.Text("containerId") != first.Text("containerId")), "it is replaced");
        await node.Api.ScaleAsync("old", "job", 3);
        var before = await node.Api.RunningAsync("old", "job", 3);

        var refused = await node.OrchAsync("backup", "restore", file);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        (await node.OrchAsync("backup", "restore", file, "--force")).OutputOrThrow();
        Assert.Equal(0, await node.StopAsync());
        await node.StartAgainAsync();

        // Until its node is heard, the state shows what it knows: the task that has ended since.
        var successor = before.Single(task => task.GetProperty("slot").GetInt32() == 1).Text("containerId");
        await Until.IsAsync(
            async () => string.Join(' ', (await node.Api.TasksAsync("old")).Where(task => task.Text("state") == "Running").Select(task => task.Text("containerId"))),
            running => running == successor,
            "the first slot's successor is taken over");
        await Until.IsAsync(() => node.Api.ListAsync("orphans"), found => found.Count == 2, "the other slots are listed");
        Assert.Equal(3, (await ContainersAsync(node)).Count);
        await PeopleDecideAsync(node, before.Where(task => task.GetProperty("slot").GetInt32() > 1).Select(task => task.Text("id")).ToList());
    }

    /// <summary>The tests of a class run one after the other: one node is enough.</summary>
    protected override async Task<IInstallation> StartAsync() => await own.StartAsync();

    protected override Task<IInstallation> StartAnotherAsync() => Task.FromResult<IInstallation>(shared.Node);

    /// <summary>Of two containers that nobody knows they stop one, and make the other a task of its service, which wants one replica only.</summary>
    private static async Task PeopleDecideAsync(SingleNode node, IReadOnlyList<string> orphans)
    {
        var listed = (await node.OrchAsync("orphans", "ls")).OutputOrThrow();
        Assert.All(orphans, id => Assert.Contains(id[..8], listed, StringComparison.Ordinal));
        Assert.Contains("old/job has 1 replicas, and this is slot 3", listed, StringComparison.Ordinal);

        Assert.Contains("1 containers: stop accepted", (await node.OrchAsync("orphans", "stop", orphans[0][..8])).OutputOrThrow(), StringComparison.Ordinal);
        await Until.IsAsync(() => ContainersAsync(node), found => found.Count == 2, "it is stopped");
        await Until.IsAsync(() => node.Api.ListAsync("orphans"), found => found.Count == 1, "it is forgotten");
        Assert.DoesNotContain(await node.Api.TasksAsync("old", all: true), task => task.Text("id") == orphans[0]);

        Assert.Contains("1 containers: adopt accepted", (await node.OrchAsync("orphans", "adopt", "--all")).OutputOrThrow(), StringComparison.Ordinal);
        Assert.Empty(await node.Api.ListAsync("orphans"));
        var adopted = await Until.IsAsync(
            async () => (await node.Api.TasksAsync("old", all: true)).Single(task => task.Text("id") == orphans[1]), task => task.Text("state") == "Stopped", "its service does not want it");
        Assert.Equal("scaled down", adopted.Text("message"));
        await Until.IsAsync(() => ContainersAsync(node), found => found.Count == 1, "its container is gone");
        await node.Api.RunningAsync("old", "job", 1);
    }

    private static Task<IReadOnlyList<string>> ContainersAsync(SingleNode node) => Engine.ContainersAsync(false, "orchestrator.cluster=" + node.ClusterId);
}
