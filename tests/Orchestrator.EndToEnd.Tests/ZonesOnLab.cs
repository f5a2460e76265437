using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Zones of a cluster whose nodes are machines of their own.</summary>
[Trait("Lane", "faults")]
public sealed class ZonesOnLab(LabOfZones zones) : IClassFixture<LabOfZones>
{
    [Fact]
    public async Task TasksSpreadOverZones_AndThereOverNodes()
    {
        await DeployAsync("spread", "deploy: { replicas: 4, placement: { preferences: [{ spread: node.labels.zone }] } }");
        Assert.Equal(["node1", "node2", "node3", "node3"], (await RunningAsync("spread", 4)).Select(task => task.Text("node")).Order());
        await RemoveAsync("spread");
    }

    [Fact]
    public async Task ALabelThatChanges_MovesOnlyTheTaskThatNoLongerMatches_AndTheNewOneRunsBeforeTheOldOneGoes()
    {
        await DeployAsync("moves", "deploy: { replicas: 2, placement: { constraints: [node.labels.zone==a] } }", "x-orchestrator: { strategy: spread }");
        var before = await RunningAsync("moves", 2);
        Assert.Equal(["node1", "node2"], before.Select(task => task.Text("node")).Order());
        await OrchAsync("node", "label", "node3", "zone=a");
        await OrchAsync("node", "label", "node1", "zone=c");

        var after = await RunningAsync("moves", 2, tasks => tasks.All(task => task.Text("node") != "node1"));
        var stayed = before.Single(task => task.Text("node") == "node2");
        Assert.Contains(stayed.Text("id"), after.Select(task => task.Text("id")));
        var successor = after.Single(task => task.Text("id") != stayed.Text("id"));
        Assert.Equal("node3", successor.Text("node"));

        var left = before.Single(task => task.Text("node") == "node1").Text("id");
        var ended = await Until.IsAsync(
            async () => (await TasksAsync("moves", "--all")).Single(task => task.Text("id") == left), task => task.Text("finishedAt").Length > 0, "the old one has gone");
        Assert.True(successor.GetProperty("runningAt").GetDateTimeOffset() < ended.GetProperty("finishedAt").GetDateTimeOffset());
        Assert.Equal("its node has zone=c, against node.labels.zone==a", ended.Text("message"));
        await RemoveAsync("moves");
        await OrchAsync("node", "label", "node1", "zone=a");
        await OrchAsync("node", "label", "node3", "zone=b");
    }

    [Fact]
    public async Task AConstraintThatNoNodeMeets_IsExplainedByTheNamesOfAll_AndALabelEndsTheWaiting()
    {
        await DeployAsync("nowhere", "deploy: { placement: { constraints: [node.labels.disk==ssd] } }");
        var told = (await Until.IsAsync(() => zones.Lab.OrchAsync("explain", "nowhere/web.1"), result => result.Output.Contains("would help: ", StringComparison.Ordinal), "it says what would help")).Output;
        foreach (var node in new[] { "node1", "node2", "node3" })
        {
            Assert.Contains($"against {node}: it lacks label disk=ssd", told, StringComparison.Ordinal);
        }

        Assert.Contains("nowhere/web.1", told, StringComparison.Ordinal);
        await OrchAsync("node", "label", "node3", "disk=ssd");
        Assert.Equal("node3", Assert.Single(await RunningAsync("nowhere", 1)).Text("node"));
        await RemoveAsync("nowhere");
    }

    private Task<IReadOnlyList<JsonElement>> RunningAsync(string app, int count, Func<IReadOnlyList<JsonElement>, bool>? where = null) => Until.IsAsync(
        () => TasksAsync(app), tasks => tasks.Count == count && tasks.All(task => task.GetProperty("ready").GetBoolean()) && where?.Invoke(tasks) != false, $"{count} tasks of {app} run");

    private async Task<IReadOnlyList<JsonElement>> TasksAsync(string app, params string[] more) =>
        [.. JsonSerializer.Deserialize<JsonElement>((await zones.Lab.OrchAsync(["ps", "--app", app, "--json", .. more])).OutputOrThrow()).EnumerateArray()];

    private async Task DeployAsync(string app, params string[] keys)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "services:\n  web:\n    image: orch-test:1\n    pull_policy: never\n" + string.Concat(keys.Select(key => $"    {key}\n")));
        await OrchAsync("deploy", "-f", file, "--app", app);
        File.Delete(file);
    }

    private Task RemoveAsync(string app) => OrchAsync("app", "rm", app, "--wait");

    private async Task OrchAsync(params string[] arguments) => (await zones.Lab.OrchAsync(arguments)).OutputOrThrow();
}
