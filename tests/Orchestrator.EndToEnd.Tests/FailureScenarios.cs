using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>What goes wrong with containers, and what becomes of it.</summary>
public abstract class FailureScenarios
{
    protected abstract IInstallation Node { get; }

    [Fact]
    public async Task AnImageThatIsNotThere_IsToldWithItsReason_AndLeavesNoContainer()
    {
        const string app = "noimage";
        await Node.Api.DeployAsync(app, """
            services:
              web: { image: "orch-no-such-image:1", pull_policy: never }
            """);
        var tasks = await Until.IsAsync(
            () => Node.Api.TasksAsync(app, all: true), list => list.Any(task => task.Text("state") == "Rejected"), "the task is rejected");
        Assert.Contains("orch-no-such-image:1: it is not on this node", tasks.First(task => task.Text("state") == "Rejected").Text("message"), StringComparison.Ordinal);
        Assert.Empty(await Engine.ContainersAsync(all: true, "orchestrator.app=" + app));
        await RemoveAsync(app);
    }

    [Fact]
    public async Task ARegistryThatCannotBeReached_IsTold()
    {
        const string app = "noregistry";
        await Node.Api.DeployAsync(app, """
            services:
              web: { image: "127.0.0.1:9/nothing:1" }
            """);
        var tasks = await Until.IsAsync(
            () => Node.Api.TasksAsync(app, all: true), list => list.Any(task => task.Text("state") == "Rejected"), "the task is rejected");
        Assert.Contains("the registry cannot be reached", tasks.First(task => task.Text("state") == "Rejected").Text("message"), StringComparison.Ordinal);
        await RemoveAsync(app);
    }

    [Fact]
    public async Task AFetchThatFails_IsNoMatter_WhenTheImageIsOnTheNode()
    {
        const string app = "localimage";
        await Engine.RunAsync("tag", await Engine.ImageAsync(1), "127.0.0.1:9/orch-test:1");
        await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever).Replace("orch-test:1", "127.0.0.1:9/orch-test:1", StringComparison.Ordinal).Replace("pull_policy: never", "pull_policy: always", StringComparison.Ordinal));
        var tasks = await Node.Api.RunningAsync(app, "job", 1);
        Assert.Contains("the image on the node is used", tasks[0].Text("message"), StringComparison.Ordinal);
        await RemoveAsync(app);
        await Engine.RunAsync("rmi", "127.0.0.1:9/orch-test:1");
    }

    [Fact]
    public async Task ACommandThatCannotRun_IsTold_AndLeavesNoContainer()
    {
        const string app = "nocommand";
        await Node.Api.DeployAsync(app, """
            services:
              web: { image: "orch-test:1", pull_policy: never, entrypoint: ["/no/such/program"] }
            """);
        var tasks = await Until.IsAsync(
            () => Node.Api.TasksAsync(app, all: true), list => list.Any(task => task.Text("state") == "Failed"), "the task fails");
        Assert.Contains("the command cannot be run", tasks.First(task => task.Text("state") == "Failed").Text("message"), StringComparison.Ordinal);
        await Until.IsAsync(() => Engine.ContainersAsync(all: true, "orchestrator.app=" + app), found => found.Count == 0, "no container is left");
        await RemoveAsync(app);
    }

    [Fact]
    public async Task AContainerThatExits_IsStartedAgain_AndItsExitCodeIsTold()
    {
        const string app = "exits";
        await Node.Api.DeployAsync(app, Compose.Shell("exit 3"));
        var tasks = await Until.IsAsync(
            () => Node.Api.TasksAsync(app, all: true), list => list.Count(task => task.Text("state") == "Failed") >= 2, "it failed twice");
        var failed = tasks.Where(task => task.Text("state") == "Failed").ToList();
        Assert.All(failed, task => Assert.Equal("3", task.Text("exitCode")));
        Assert.All(failed, task => Assert.Contains("exited with code 3", task.Text("message"), StringComparison.Ordinal));
        Assert.Equal(failed.Count, failed.Select(task => task.Text("attempt")).Distinct().Count());
        await RemoveAsync(app);
    }

    [Fact]
    public async Task AContainerThatIsDone_StaysDone_WhereItsRestartConditionSaysSo()
    {
        const string app = "once";
        await Node.Api.DeployAsync(app, Compose.Shell("exit 0", more: "restart: on-failure"));
        var done = await Until.IsAsync(() => Node.Api.TasksAsync(app, all: true), list => list.Any(task => task.Text("state") == "Completed"), "it is done");
        await Node.Api.ConvergedAsync(app, "job");
        Assert.Equal(done.Select(task => task.Text("id")), (await Node.Api.TasksAsync(app, all: true)).Select(task => task.Text("id")));
        await RemoveAsync(app);
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("rm -f")]
    public async Task AContainerThatSomebodyEnds_IsReplaced(string how)
    {
        var app = "ended-by-" + how[..2].Trim();
        await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever));
        var before = (await Node.Api.RunningAsync(app, "job", 1))[0];
        await Engine.RunAsync([.. how.Split(' '), before.Text("containerId")]);
        await Node.Api.RunningAsync(app, "job", 1, task => task.Text("id") != before.Text("id"));
        await RemoveAsync(app);
    }

    /// <summary>Its health check says no, and no liveness probe does: it cannot take work, which is no reason to end it.</summary>
    [Fact]
    public async Task AContainerThatTheEngineCallsUnhealthy_GetsNoRequests_AndRunsOnUntilItIsWellAgain()
    {
        const string app = "unwell";
        var port = SingleNode.FreePort();
        await Node.Api.DeployAsync(app, $$"""
            services:
              web:
                image: orch-test:1
                pull_policy: never
                ports: ["127.0.0.1:{{port}}:8080"]
                stop_grace_period: 1s
                healthcheck: { test: [CMD, /bin/busybox, test, "!", "-e", /tmp/unwell], interval: 500ms, retries: 1 }
                deploy: { replicas: 2 }
                x-orchestrator: { rollout: { min_healthy_time: 0s } }
            """);
        await Node.Api.ConvergedAsync(app, "web");
        var before = await Node.Api.RunningAsync(app, "web", 2);
        var (sick, well) = (before[0], before[1]);
        await Engine.RunAsync("exec", sick.Text("containerId"), "/bin/busybox", "touch", "/tmp/unwell");
        await Until.IsAsync(() => Node.Api.TasksAsync(app, "web"), tasks => tasks.Any(task => task.Text("id") == sick.Text("id") && task is var now && now.Text("ready") == "false" && now.Text("health") == "Unhealthy"), "it is unhealthy");
        var name = (await Engine.InspectAsync(well.Text("containerId"))).At("Config").Text("Hostname");
        await Until.IsAsync(() => PagesAsync(port), pages => pages.All(page => page.Contains(name, StringComparison.Ordinal)), "the other answers everything");

        await Engine.RunAsync("exec", sick.Text("containerId"), "/bin/busybox", "rm", "/tmp/unwell");
        var after = await Node.Api.RunningAsync(app, "web", 2);
        Assert.Equal(before.Select(task => task.Text("containerId")).Order(), after.Select(task => task.Text("containerId")).Order());
        await Until.IsAsync(() => PagesAsync(port), pages => pages.Distinct().Count() == 2, "both answer");
        Assert.Equal(2, (await Node.Api.TasksAsync(app, all: true)).Count);
        await RemoveAsync(app);
    }

    /// <summary>Each container posts what its file /say says, as long as there is one.</summary>
    [Fact]
    public async Task AnApplicationThatPostsItsOwnHealth_IsRoutedByIt_AndReplacedWhenItFallsSilent()
    {
        const string app = "posts";
        const string line = """busybox sh /bin/serve & echo '{"ready": true, "load": 0.5}' >/say; trap 'exit 0' TERM; """
            + """while :; do ! busybox test -s /say || busybox wget -q -O /dev/null --post-data "$(busybox cat /say)" "$ORCHESTRATOR_HEALTH_URL"; busybox sleep 0.3 & wait $!; done""";
        var port = SingleNode.FreePort();
        await Node.Api.DeployAsync(app, $$"""
            services:
              web:
                image: orch-test:1
                pull_policy: never
                command: ["-c", {{JsonSerializer.Serialize(line.Replace("$", "$$", StringComparison.Ordinal))}}]
                ports: ["127.0.0.1:{{port}}:8080"]
                stop_grace_period: 1s
                deploy: { replicas: 2 }
                x-orchestrator:
                  probes: { readiness: { posted: {} }, liveness: { posted: { max_age: 3s } } }
                  rollout: { min_healthy_time: 0s }
            """);
        var before = await Node.Api.RunningAsync(app, "web", 2);
        var (sick, well) = (before[0], before[1]);
        Task SayAsync(string what) => Engine.RunAsync("exec", sick.Text("containerId"), "/bin/busybox", "sh", "-c", $"busybox printf %s '{what}' >/new; busybox mv /new /say");

        await SayAsync("""{"ready": false, "message": "the cache is cold"}""");
        await Until.IsAsync(
            () => Node.Api.TasksAsync(app, "web"),
            tasks => tasks.Any(task => task.Text("id") == sick.Text("id") && task.Text("ready") == "false" && task.Text("message") == "its readiness probe fails: it posted ready: false (the cache is cold)"),
            "it is not ready");
        var name = (await Engine.InspectAsync(well.Text("containerId"))).At("Config").Text("Hostname");
        await Until.IsAsync(() => PagesAsync(port), pages => pages.All(page => page.Contains(name, StringComparison.Ordinal)), "the other answers everything");
        await SayAsync("""{"ready": true}""");
        var after = await Node.Api.RunningAsync(app, "web", 2);
        Assert.Equal(before.Select(task => task.Text("containerId")).Order(), after.Select(task => task.Text("containerId")).Order());

        await SayAsync("");
        await Node.Api.RunningAsync(app, "web", 2, task => task.Text("id") != sick.Text("id"));
        var failed = (await Node.Api.TasksAsync(app, "web", all: true)).Single(task => task.Text("id") == sick.Text("id"));
        Assert.Equal(("Failed", "its liveness probe failed: it has posted nothing for 3 s"), (failed.Text("state"), failed.Text("message")));
        await Until.IsAsync(() => Node.Api.TasksAsync(app, "web"), tasks => tasks.Any(task => task.Text("id") == well.Text("id") && task.Text("load") == "0.5"), "its load is told");
        await RemoveAsync(app);
    }

    [Fact]
    public async Task ABetterDeploy_TakesOverFromOneThatFails_AndOldTasksServeMeanwhile()
    {
        const string app = "mended";
        await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever));
        var good = (await Node.Api.RunningAsync(app, "job", 1))[0].Text("id");
        await Node.Api.DeployAsync(app, """
            services:
              job: { image: "orch-test:1", pull_policy: never, entrypoint: ["/no/such/program"] }
            """);
        await Until.IsAsync(
            () => Node.Api.TasksAsync(app, all: true), list => list.Any(task => task.Text("revision") == "2" && task.Text("state") == "Failed"), "revision 2 fails");
        Assert.Contains(await Node.Api.TasksAsync(app), task => task.Text("id") == good && task.Text("state") == "Running");
        var better = await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever + " # 3"));
        await Node.Api.RunningAsync(app, "job", 1, task => task.Text("revision") == better.At("revisions").Text("job"));
        await RemoveAsync(app);
    }

    [Fact]
    public async Task OnlyTheLastFiveFinishedContainersOfASlot_AreKept()
    {
        const string app = "kept";
        await Node.Api.DeployAsync(app, Compose.Shell(Compose.Forever));
        var label = new[] { "orchestrator.cluster=" + Node.ClusterId, "orchestrator.app=" + app };
        for (var version = 0; version < 7; version++)
        {
            await Node.Api.DeployAsync(app, Compose.Shell($"{Compose.Forever} # {version}"));
            await Node.Api.RunningAsync(app, "job", 1, task => task.Text("revision") == $"{version + 2}");
            await Node.Api.ConvergedAsync(app, "job");
        }

        await Until.IsAsync(() => Engine.ContainersAsync(all: true, label), found => found.Count == 6, "one runs and five are kept");
        await RemoveAsync(app);
    }

    private static async Task<IReadOnlyList<string>> PagesAsync(int port)
    {
        const int questions = 10;
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        var pages = new List<string>();
        for (var i = 0; i < questions; i++)
        {
            pages.Add(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/")));
        }

        return pages;
    }

    private async Task RemoveAsync(string app)
    {
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }
}
