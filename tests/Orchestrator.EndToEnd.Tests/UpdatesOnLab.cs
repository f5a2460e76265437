using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>An update that one node alone cannot carry out, on nodes that are machines of their own.</summary>
[Collection(nameof(WithLabCluster))]
[Trait("Lane", "faults")]
public sealed class UpdatesOnLab(LabCluster cluster)
{
    private const string OnNode1 = "orch-test:on-node1";

    [Fact]
    public async Task OneThatFailsOnOneNode_GoesBackOnAll()
    {
        await DeployAsync("lopsided", "orch-test:1", "rollback");
        var result = await DeployAsync("lopsided", OnNode1, "rollback");
        Assert.True(result.ExitCode == 5, result.Output + result.Error);
        Assert.Contains("it is not on this node", result.Error, StringComparison.Ordinal);
        var after = await RunningAsync("lopsided", tasks => tasks.Count == 2);
        Assert.All(after, task => Assert.Equal("orch-test:1", task.Text("image")));
        await RemoveAsync("lopsided");
    }

    [Fact]
    public async Task OneThatFailsOnOneNode_AndMayOnlyPause_KeepsItsOldTask()
    {
        await DeployAsync("halfway", "orch-test:1", "pause");
        var before = await RunningAsync("halfway", tasks => tasks.Count == 2);
        var result = await DeployAsync("halfway", OnNode1, "pause");
        Assert.True(result.ExitCode == 1, result.Output + result.Error);

        // The slot that was emptied is filled again with what ran there; how far the other node got depends on which was first.
        var tasks = await RunningAsync("halfway", tasks => tasks.Count == 2);
        Assert.Equal("orch-test:1", tasks.Single(task => task.Text("node") == "node2").Text("image"));
        var first = tasks.Single(task => task.Text("node") == "node1");
        Assert.True(first.Text("image") == OnNode1 || before.Any(old => old.Text("id") == first.Text("id")), first.ToString());

        (await cluster.Lab.OrchAsync("rollout", "abort", "halfway/web")).OutputOrThrow();
        Assert.All(await RunningAsync("halfway", tasks => tasks.Count == 2), old => Assert.Equal("orch-test:1", old.Text("image")));
        await RemoveAsync("halfway");
    }

    private Task<IReadOnlyList<JsonElement>> RunningAsync(string app, Func<IReadOnlyList<JsonElement>, bool> good) => Until.IsAsync(
        async () => (IReadOnlyList<JsonElement>)[.. JsonSerializer.Deserialize<JsonElement>((await cluster.Lab.OrchAsync("ps", "--app", app, "--json")).OutputOrThrow()).EnumerateArray().Where(task => task.GetProperty("ready").GetBoolean())],
        good,
        $"the tasks of {app} are as they should be");

    private async Task<ShellResult> DeployAsync(string app, string image, string failureAction)
    {
        await cluster.Lab.DockerAsync(1, "tag", "orch-test:1", OnNode1);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""
            services:
              web:
                image: {{image}}
                pull_policy: never
                stop_grace_period: 1s
                deploy:
                  replicas: 2
                  placement: { max_replicas_per_node: 1 }
                  update_config: { order: stop-first, monitor: 2s, failure_action: {{failureAction}} }
                  rollback_config: { monitor: 0s }
                x-orchestrator: { rollout: { min_healthy_time: 500ms } }
            """);
        var result = await cluster.Lab.OrchAsync("deploy", "-f", file, "--app", app, "--wait", "--timeout", "120s");
        File.Delete(file);
        return result;
    }

    private async Task RemoveAsync(string app) => (await cluster.Lab.OrchAsync("app", "rm", app, "--wait")).OutputOrThrow();
}
