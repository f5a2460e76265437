using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>Updates on a real engine: good ones arrive, bad ones go back and cost nothing.</summary>
public abstract class RolloutScenarios
{
    protected abstract IInstallation Node { get; }

    [Fact]
    public async Task AGoodUpdate_NeverHasATaskTooMany_NorOneTooFew()
    {
        const string app = "goodupdate";
        await Node.Api.DeployAsync(app, File(Compose.Forever, replicas: 3));
        await Node.Api.ConvergedAsync(app, "job");
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(app, stop.Token);
        var result = await DeployAsync(app, File(Compose.Forever + " # 2", replicas: 3));
        await stop.CancelAsync();
        var (most, fewest) = await watching;
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.InRange(most, 4, 4);
        Assert.InRange(fewest, 3, 3);
        await RemoveAsync(app);
    }

    [Fact]
    public async Task AServiceWithAVolumeOfItsOwn_IsNeverThereTwice_AndFindsItsData()
    {
        const string app = "ownvolume";
        var volume = $"{app}-{Guid.NewGuid():N}";
        string With(string line) => File(line, 1, "volumes: [\"data:/data\"]") + $"\nvolumes: {{ data: {{ name: {volume} }} }}";
        await Node.Api.DeployAsync(app, With("echo kept > /data/file; " + Compose.Forever));
        await Node.Api.ConvergedAsync(app, "job");

        var changed = With("cat /data/file; " + Compose.Forever);
        Assert.Contains("stop-first (a volume of its own)", await PlanAsync(app, changed), StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(app, stop.Token);
        var result = await DeployAsync(app, changed);
        await stop.CancelAsync();
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal((1, 0), await watching);
        Assert.Contains("kept", (await Node.OrchAsync("logs", app + "/job")).Output, StringComparison.Ordinal);
        await RemoveAsync(app);
        await Until.IsAsync(() => Engine.RunAsync("ps", "-aq", "--filter", "volume=" + volume), containers => containers.Length == 0, "the containers are gone");
        await Engine.RunAsync("volume", "rm", volume);
    }

    public static TheoryData<string, string, string> Bad =>
    [
        Long("noimage", "image: orch-test:nothere", "orch-test:nothere"),
        new("exits", """command: ["-c", "echo what went wrong; exit 3"]""", "exited with code 3"),
        Long("neverhealthy", """healthcheck: { test: [CMD, /bin/busybox, "false"], interval: 300ms, retries: 2 }""", "nhealthy"),
        new(
            "lateunhealthy",
            """
            command: ["-c", "touch /tmp/good; busybox sleep 5; busybox rm /tmp/good; while :; do busybox sleep 1; done"]
                healthcheck: { test: [CMD, /bin/busybox, test, "-e", /tmp/good], interval: 500ms, retries: 2, start_period: 2s }
            """,
            "nhealthy"),
    ];

    /// <summary>Of two that fail alike one is enough in the default lane.</summary>
    private static TheoryDataRow<string, string, string> Long(string name, string change, string reason) => new(name, change, reason) { Traits = { ["Lane"] = ["faults"] } };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task ABadUpdate_GoesBack_AndNoOldTaskIsTouched(string name, string change, string reason)
    {
        var app = "bad" + name;
        await Node.Api.DeployAsync(app, File(Compose.Forever, replicas: 2));
        await Node.Api.ConvergedAsync(app, "job");
        var before = Ids(await Node.Api.RunningAsync(app, "job", 2));
        var result = await DeployAsync(app, File(null, replicas: 2, change));
        Assert.True(result.ExitCode == 5, result.Output + result.Error);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        Assert.Equal(before, Ids(await Node.Api.RunningAsync(app, "job", 2)));
        var history = JsonSerializer.Deserialize<JsonElement>((await Node.OrchAsync("service", "history", app + "/job", "--json")).Output);
        Assert.Equal(["rollback to 1: 2 failed", "deploy", "deploy"], history.EnumerateArray().Select(revision => revision.Text("cause")));
        Assert.Equal(["Completed", "RolledBack", "Completed"], history.EnumerateArray().Select(revision => revision.Text("state")));
        await RemoveAsync(app);
    }

    [Fact]
    public async Task ABadUpdateThatMayOnlyPause_StaysAsItIs_ExitsWithOne_AndIsAborted()
    {
        const string app = "badpauses";
        await Node.Api.DeployAsync(app, File(Compose.Forever, replicas: 2));
        await Node.Api.ConvergedAsync(app, "job");
        var before = Ids(await Node.Api.RunningAsync(app, "job", 2));
        var result = await DeployAsync(app, File("echo what went wrong; exit 3", replicas: 2).Replace("monitor: 2s", "monitor: 2s, failure_action: pause", StringComparison.Ordinal));
        Assert.True(result.ExitCode == 1, result.Output + result.Error);
        Assert.Contains("exited with code 3", result.Error, StringComparison.Ordinal);
        Assert.Contains("it stays as it is", result.Error, StringComparison.Ordinal);
        await StateAsync(app, "Paused");
        Assert.Subset(Ids(await Node.Api.TasksAsync(app, "job")), before);
        Assert.Equal(0, (await Node.OrchAsync("rollout", "abort", app + "/job")).ExitCode);
        Assert.Equal(before, Ids(await Node.Api.RunningAsync(app, "job", 2)));
        await RemoveAsync(app);
    }

    [Fact]
    public async Task ACanary_IsInspected_Aborted_AndAnotherIsPromoted()
    {
        const string app = "canaried";
        await Node.Api.DeployAsync(app, File(Compose.Forever, replicas: 2));
        await Node.Api.ConvergedAsync(app, "job");
        var old = Ids(await Node.Api.RunningAsync(app, "job", 2));
        await Node.Api.DeployAsync(app, Canary("2"));
        await StateAsync(app, "AwaitingPromotion");
        Assert.Subset(Ids(await Node.Api.RunningAsync(app, "job", 3)), old);
        var inspected = (await Node.OrchAsync("rollout", "inspect", app + "/job")).Output;
        Assert.Contains("orch rollout promote", inspected, StringComparison.Ordinal);
        Assert.Contains("step 2/", inspected, StringComparison.Ordinal);

        Assert.Equal(0, (await Node.OrchAsync("rollout", "abort", app + "/job")).ExitCode);
        Assert.Equal(old, Ids(await Node.Api.RunningAsync(app, "job", 2, task => task.Text("revision") == "1")));

        await Node.Api.DeployAsync(app, Canary("3"));
        await StateAsync(app, "AwaitingPromotion");
        Assert.Equal(0, (await Node.OrchAsync("rollout", "promote", app + "/job")).ExitCode);
        await StateAsync(app, "Completed");
        Assert.Empty(old.Intersect(Ids(await Node.Api.RunningAsync(app, "job", 2))));
        var refused = await Node.OrchAsync("rollout", "promote", app + "/job");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("no canary or step of it waits", refused.Error, StringComparison.Ordinal);
        await RemoveAsync(app);
    }

    [Fact]
    public async Task GoingBackByHand_RunsTheOldContainerAgain()
    {
        const string app = "goback";
        await Node.Api.DeployAsync(app, File("true # 1", replicas: 0));
        await Node.Api.ConvergedAsync(app, "job");
        await Node.Api.DeployAsync(app, File(Compose.Forever, replicas: 1));
        await Node.Api.ConvergedAsync(app, "job");
        await Node.Api.DeployAsync(app, File(Compose.Forever + " # 3", replicas: 1));
        await Node.Api.ConvergedAsync(app, "job");
        Assert.Contains("container.command[1]", (await Node.OrchAsync("service", "diff", app + "/job", "2", "3")).Output, StringComparison.Ordinal);
        var result = await Node.OrchAsync("service", "rollback", app + "/job", "--to", "2", "--wait");
        Assert.True(result.ExitCode == 0, result.Error);
        var task = Assert.Single(await Node.Api.RunningAsync(app, "job", 1));
        Assert.Equal("4", task.Text("revision"));
        Assert.Equal(Compose.Forever, (await Engine.InspectAsync(task.Text("containerId"))).At("Config").GetProperty("Cmd")[1].GetString());
        await RemoveAsync(app);
    }

    /// <param name="line">The shell line; null: <paramref name="change"/> has a command, or what runs stays.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="change">More keys of the service, in the place of the image where they name one.</param>
    protected static string File(string? line, int replicas, string change = "") => $$"""
        services:
          job:
            {{(change.StartsWith("image:", StringComparison.Ordinal) ? "labels: { changed: yes }" : "image: orch-test:1")}}
            pull_policy: never
            {{(change.StartsWith("command:", StringComparison.Ordinal) ? "labels: { changed: yes }" : $"command: [\"-c\", {JsonSerializer.Serialize((line ?? Compose.Forever).Replace("$", "$$", StringComparison.Ordinal))}]")}}
            stop_grace_period: 1s
            deploy: { replicas: {{replicas}}, update_config: { monitor: 2s }, rollback_config: { monitor: 0s } }
            x-orchestrator: { rollout: { min_healthy_time: 500ms } }
        """ + "\n    " + change;

    private static string Canary(string version) =>
        File(Compose.Forever + " # " + version, replicas: 2).Replace("min_healthy_time: 500ms", "min_healthy_time: 500ms, canary: 1", StringComparison.Ordinal);

    private static SortedSet<string> Ids(IEnumerable<JsonElement> tasks) => [.. tasks.Select(task => task.Text("id"))];

    private Task<JsonElement> StateAsync(string app, string state) => Until.IsAsync(
        () => Node.Api.GetAsync($"rollouts/{app}/job"), found => found.At("rollout").Text("state") == state, $"the rollout of {app} is {state}");

    private Task<ShellResult> DeployAsync(string app, string compose) => WithFileAsync(compose, "deploy", "--app", app, "--wait", "--timeout", "90s");

    private async Task<string> PlanAsync(string app, string compose) => (await WithFileAsync(compose, "plan", "--app", app)).OutputOrThrow();

    private async Task<ShellResult> WithFileAsync(string compose, string command, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("orch-test-rollout-").FullName;
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), compose);
        var result = await Node.OrchInAsync(folder, [command, "-f", "compose.yaml", .. options]);
        Directory.Delete(folder, recursive: true);
        return result;
    }

    /// <returns>The most tasks that were to run at one time, and the fewest that were ready.</returns>
    private async Task<(int Most, int Fewest)> WatchAsync(string app, CancellationToken stop)
    {
        var (most, fewest) = (0, int.MaxValue);
        while (!stop.IsCancellationRequested)
        {
            var tasks = await Node.Api.TasksAsync(app, "job");
            most = Math.Max(most, tasks.Count(task => task.Text("desired") == "Run"));
            fewest = Math.Min(fewest, tasks.Count(task => task.Text("desired") == "Run" && task.Text("ready") == "true"));
        }

        return (most, fewest);
    }

    private async Task RemoveAsync(string app)
    {
        await Node.Api.RemoveAsync(app);
        await Node.Api.GoneAsync(app);
    }
}
