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

        // Later than the copy: the slot has another task, and there is a second slot.
        await Engine.RunAsync("kill", first.Text("containerId"));
        await Until.IsAsync(() => node.Api.TasksAsync("old"), tasks => tasks.Any(task => task.Text("state") == "Running" && task.Text("containerId") != first.Text("containerId")), "it is replaced");
        await node.Api.ScaleAsync("old", "job", 2);
        var before = await node.Api.RunningAsync("old", "job", 2);

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
        var orphans = await Until.IsAsync(async () => await node.Api.GetAsync("orphans"), found => found.GetArrayLength() == 1, "the second slot is listed");
        Assert.Equal(2, orphans[0].GetProperty("slot").GetInt32());
        Assert.Equal(2, (await Engine.ContainersAsync(false, "orchestrator.cluster=" + node.ClusterId)).Count);
        (await node.OrchAsync("orphans", "stop", "--all")).OutputOrThrow();
        await Until.IsAsync(() => Engine.ContainersAsync(false, "orchestrator.cluster=" + node.ClusterId), found => found.Count == 1, "it is stopped");
        await Until.IsAsync(async () => (await node.Api.GetAsync("orphans")).EnumerateArray().Count(), count => count == 0, "it is forgotten");
    }

    /// <summary>The tests of a class run one after the other: one node is enough.</summary>
    protected override async Task<IInstallation> StartAsync() => await own.StartAsync();

    protected override Task<IInstallation> StartAnotherAsync() => Task.FromResult<IInstallation>(shared.Node);
}
