using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>Applications in real containers post of themselves to their node.</summary>
public sealed class PostTests
{
    private const string Idle = "trap 'exit 0' TERM; while :; do busybox sleep 1 & wait $!; done";
    private static readonly ProbeSpec Posted = new() { Posted = new PostedProbeSpec { MaxAgeSeconds = 60 } };

    private static string NewId() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task ItsWordCountsAtOnce_ReadyAndNot_UntilItAsksToBeReplaced()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, With(id, new ProbesSpec { Readiness = Posted, Liveness = Posted }));
        var running = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.False(running.Ready);
        Assert.Equal("204", await PostAsync(running, """{"ready": true, "load": 0.4}"""));
        await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: true, Message: null }, "it is ready");
        Assert.Equal("204", await PostAsync(running, """{"ready": false, "message": "the cache is cold"}"""));
        var waiting = await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: false }, "it is not ready");
        Assert.Equal("its readiness probe fails: it posted ready: false (the cache is cold)", waiting.Message);

        // Its container may end before it has read the answer.
        Assert.Contains(await PostAsync(running, """{"live": false, "message": "out of threads"}"""), new[] { "204", "" });
        var failed = await agent.ReportedAsync(id, report => report.State == TaskState.Failed, "it failed");
        Assert.Equal("its liveness probe failed: it posted live: false (out of threads)", failed.Message);
    }

    /// <summary>The API passes on what it took from the bus: it may come late, twice and in another order.</summary>
    [Fact]
    public async Task WhatItPostsOverTheBus_CountsAlike_AndWhatIsOutdatedDoesNot()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, With(id, new ProbesSpec { Readiness = Posted, Liveness = Posted }));
        var running = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        TaskPost Post(HealthPost health, long? order) => new() { TaskId = id, Order = order, Health = health };
        await agent.PassOnAsync(Post(new HealthPost { Ready = true }, 5), Post(new HealthPost { Ready = false }, 4), Post(new HealthPost { Ready = false }, 5), new TaskPost { TaskId = "nobody's", Health = new HealthPost { Ready = true } });
        await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: true, Message: null }, "it is ready");
        await agent.PassOnAsync(Post(new HealthPost { Ready = false, Message = "outdated" }, 5), Post(new HealthPost { Ready = false, Message = "the cache is cold" }, 6), Post(new HealthPost { Ready = true }, 6));
        var waiting = await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: false }, "it is not ready");
        Assert.Equal("its readiness probe fails: it posted ready: false (the cache is cold)", waiting.Message);

        // One box for both ways: over HTTP there is no order, and what comes is the newest.
        Assert.Equal("204", await PostAsync(running, """{"ready": true}"""));
        await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: true }, "it is ready again");
        await agent.PassOnAsync(Post(new HealthPost { Live = false, Message = "out of threads" }, null));
        var failed = await agent.ReportedAsync(id, report => report.State == TaskState.Failed, "it failed");
        Assert.Equal("its liveness probe failed: it posted live: false (out of threads)", failed.Message);
    }

    [Fact]
    public async Task Silence_IsAFailure_OfReadinessAndLiveness()
    {
        await using var agent = await AgentHost.StartAsync();
        var (mute, hung) = (NewId(), NewId());
        var shortly = new ProbeSpec { Posted = new PostedProbeSpec { MaxAgeSeconds = 1 } };
        await agent.InstructAsync(false, With(mute, new ProbesSpec { Readiness = shortly }), With(hung, new ProbesSpec { Liveness = shortly }, slot: 2));
        var silent = await agent.ReportedAsync(mute, report => report.Message is not null, "it is missed");
        Assert.Equal((TaskState.Running, false, "its readiness probe fails: it has posted nothing for 1 s"), (silent.State, silent.Ready, silent.Message));
        var failed = await agent.ReportedAsync(hung, report => report.State == TaskState.Failed, "it failed");
        Assert.Equal("its liveness probe failed: it has posted nothing for 1 s", failed.Message);
    }

    [Fact]
    public async Task APostThatCannotBeTaken_IsAnswered_WithWhatToWrite()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, With(id, new ProbesSpec { Readiness = Posted }));
        var running = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.Equal("400 load: write a number, 0 or more; redy: there is no such member; write ready, live, load or message", await PostAsync(running, """{"load": -1, "redy": true}"""));
        Assert.StartsWith("409 live: the service's liveness is not posted; write ", await PostAsync(running, """{"live": true}"""), StringComparison.Ordinal);
        Assert.StartsWith("413 the body is longer than 1024 bytes", await PostAsync(running, $$"""{"message": "{{new string('x', 2000)}}"}"""), StringComparison.Ordinal);
        Assert.StartsWith("404 post to /health", await PostAsync(running, "{}", path: "/"), StringComparison.Ordinal);
        Assert.Equal("405 send it with POST", await PostAsync(running, "", method: "GET"));
        Assert.False((await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs on")).Ready);
        var posts = string.Concat(Enumerable.Repeat(Request("POST", "/health", "{}", "1.1"), 11)) + Request("POST", "/health", "{}", "1.0");
        Assert.Contains("429 Too Many Requests", await Engine.RunAsync("exec", running.ContainerId!, "busybox", "sh", "-c", Sending(posts, until: "429")), StringComparison.Ordinal);
    }

    /// <summary>Of another container it can say nothing, whatever it writes; from elsewhere nobody can.</summary>
    [Fact]
    public async Task OnlyAContainerItself_SpeaksForIt()
    {
        await using var agent = await AgentHost.StartAsync();
        var (one, other) = (NewId(), NewId());
        await agent.InstructAsync(false, With(one, new ProbesSpec { Readiness = Posted }), With(other, new ProbesSpec { Readiness = Posted }, slot: 2));
        var speaks = await agent.ReportedAsync(one, report => report.State == TaskState.Running, "it runs");
        await agent.ReportedAsync(other, report => report.State == TaskState.Running, "the other runs");
        Assert.Equal("204", await PostAsync(speaks, """{"ready": true}"""));
        await agent.ReportedAsync(one, report => report.Ready, "it is ready");
        Assert.False(agent.Reports.Of(other)!.Ready);
        var url = new Uri(await UrlAsync(speaks));
        var elsewhere = await Shell.RunAsync("docker", ["run", "--rm", "--entrypoint", "busybox", await Engine.ImageAsync(1), "nc", "-w", "2", url.Host, $"{url.Port}"]);
        Assert.Contains("Connection refused", elsewhere.Error, StringComparison.Ordinal);
        using var http = new HttpClient();
        using var body = new StringContent("{}");
        using var fromTheNode = await http.PostAsync(url, body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, fromTheNode.StatusCode);
    }

    [Fact]
    public async Task AnAgentThatIsStartedAgain_HoldsItForReady_AndHearsIt()
    {
        var first = await AgentHost.StartAsync();
        var id = NewId();
        var task = With(id, new ProbesSpec { Readiness = Posted });
        await first.InstructAsync(false, task);
        var running = await first.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.Equal("204", await PostAsync(running, """{"ready": true}"""));
        await first.ReportedAsync(id, report => report.Ready, "it is ready");
        await using var second = await AgentHost.StartAsync(await first.LeaveAsync());
        await second.InstructAsync(true, task with { Observed = TaskState.Running, Ready = true });
        Assert.True((await second.ReportedAsync(id, report => report is { State: TaskState.Running, Version: 1 }, "it is adopted")).Ready);
        Assert.Equal("204", await PostAsync(running, """{"ready": false}"""));
        await second.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: false }, "it is not ready");
    }

    [Fact]
    public async Task ItsLoad_RidesInAHeartbeat()
    {
        await using var agent = await AgentHost.StartAsync(heartbeat: TimeSpan.FromMilliseconds(50));
        var id = NewId();
        await agent.InstructAsync(false, With(id, probes: null));
        var running = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.Equal("204", await PostAsync(running, """{"load": 2.5}"""));
        await Until.IsAsync(() => Task.FromResult(agent.Reports.Loads), loads => loads.GetValueOrDefault(id) == 2.5, "the load is told");
    }

    private static async Task<string> UrlAsync(TaskReport task)
    {
        var variables = (await Engine.InspectAsync(task.ContainerId!)).GetProperty("Config").GetProperty("Env").EnumerateArray().Select(variable => variable.GetString()!.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(task.TaskId, variables["ORCHESTRATOR_TASK_ID"]);
        return variables["ORCHESTRATOR_HEALTH_URL"];
    }

    /// <returns>The status, and what it says.</returns>
    /// <returns>Status and text; empty: the container ended first.</returns>
    private static async Task<string> PostAsync(TaskReport task, string body, string path = "/health", string method = "POST")
    {
        var answer = (await Shell.RunAsync("docker", ["exec", task.ContainerId!, "busybox", "sh", "-c", Sending(Request(method, path, body, "1.0"))])).Output.Trim();
        var lines = answer.Split('\n', StringSplitOptions.TrimEntries);
        return answer.Length == 0 ? "" : $"{lines[0].Split(' ')[1]} {string.Join(' ', lines.SkipWhile(line => line.Length > 0))}".Trim().Replace("  ", " ", StringComparison.Ordinal);
    }

    private static string Request(string method, string path, string body, string version) =>
        $"{method} {path} HTTP/{version}\r\nHost: node\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>The connection stays open until the answer begins: who closes it sooner wants none.</summary>
    private static string Sending(string request, string until = "HTTP") =>
        "busybox rm -f /answer; at=${ORCHESTRATOR_HEALTH_URL#http://}; at=${at%%/*}; "
        + $"{{ busybox printf %s '{request}'; until busybox grep -qs {until} /answer; do busybox sleep 0.02; done; }} | busybox nc -w 5 "
        + "${at%:*} ${at#*:} >/answer; busybox cat /answer";

    private static NodeTask With(string id, ProbesSpec? probes, int slot = 1)
    {
        var task = AgentHost.Run(id, line: Idle, slot: slot);
        return task with { Spec = task.Spec! with { Probes = probes } };
    }
}
