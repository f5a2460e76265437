using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>Probes of real containers. The web server of the container is started by the test: by a file that it waits for.</summary>
public sealed class ProbeTests
{
    private const double Often = 0.1;
    private const string ServeOnDemand = "trap 'exit 0' TERM; while ! [ -e /go ]; do busybox sleep 0.05; done; busybox mkdir -p /w; echo ok >/w/index.html; busybox httpd -p 8090 -h /w; while :; do busybox sleep 1 & wait $!; done";

    private static string NewId() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Readiness_TakesOutOfRouting_AndBack_AndReplacesNothing()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, With(id, new ProbesSpec { Readiness = Http("/index.html") with { FailureThreshold = 1 } }));
        var waiting = await agent.ReportedAsync(id, report => report.Message is not null, "the probe fails");
        Assert.Equal((TaskState.Running, false), (waiting.State, waiting.Ready));
        Assert.StartsWith("its readiness probe fails: GET http://:8090/index.html: ", waiting.Message, StringComparison.Ordinal);
        var container = waiting.ContainerId!;
        await Engine.RunAsync("exec", container, "busybox", "touch", "/go");
        await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: true, Message: null }, "it is ready");
        await Engine.RunAsync("exec", container, "busybox", "rm", "/w/index.html");
        var failing = await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: false }, "it is not ready again");
        Assert.Equal("its readiness probe fails: GET http://:8090/index.html: 404", failing.Message);
        Assert.Equal(container, failing.ContainerId);
    }

    [Fact]
    public async Task Liveness_WaitsForStartup_ThenItsFailureEndsTheTask_WithItsLastLines()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        var probes = new ProbesSpec
        {
            Startup = new ProbeSpec { Tcp = new TcpProbeSpec { Port = 8090 }, PeriodSeconds = Often, FailureThreshold = 1000 },
            Liveness = new ProbeSpec { Exec = new ExecProbeSpec { Command = ["busybox", "test", "-e", "/live"] }, PeriodSeconds = Often, FailureThreshold = 1 },
        };
        await agent.InstructAsync(false, With(id, probes, "echo hello; " + ServeOnDemand));
        var starting = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.False(starting.Ready);
        await Engine.RunAsync("exec", starting.ContainerId!, "busybox", "touch", "/live", "/go");
        await agent.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: true }, "it has started");
        await Engine.RunAsync("exec", starting.ContainerId!, "busybox", "rm", "/live");
        var failed = await agent.ReportedAsync(id, report => report.State == TaskState.Failed && report.LastLines.Count > 0, "it failed");
        Assert.Equal(("its liveness probe failed: exec busybox test -e /live: exit code 1", "hello"), (failed.Message, failed.LastLines[0]));
        Assert.Empty(await agent.ContainersAsync(all: false));
    }

    [Fact]
    public async Task AStartupProbeThatFails_EndsTheTask()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, With(id, new ProbesSpec { Startup = new ProbeSpec { Grpc = new GrpcProbeSpec { Port = 8090 }, PeriodSeconds = Often, FailureThreshold = 2 } }));
        var failed = await agent.ReportedAsync(id, report => report.State == TaskState.Failed, "it failed");
        Assert.StartsWith("its startup probe failed: grpc :8090: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatIsStartedAgain_HoldsAReadyContainerForReady()
    {
        var first = await AgentHost.StartAsync();
        var id = NewId();
        var task = With(id, new ProbesSpec { Readiness = Http("/index.html") with { InitialDelaySeconds = 60 } });
        await first.InstructAsync(false, task);
        await first.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: false }, "it waits for its probe");
        await using var second = await AgentHost.StartAsync(await first.LeaveAsync());
        await second.InstructAsync(true, task with { Observed = TaskState.Running, Ready = true });
        Assert.True((await second.ReportedAsync(id, report => report is { State: TaskState.Running, Version: 1 }, "it is adopted")).Ready);
        await second.ReportedAsync(id, report => report is { State: TaskState.Running, Ready: false }, "the probe says otherwise");
    }

    [Fact]
    public async Task OfAContainerThatDies_TheLast20LinesAreKept()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Run(id, line: "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; busybox sleep 0.2; echo why >&2; exit 7"));
        var failed = await agent.ReportedAsync(id, report => report.State == TaskState.Failed && report.LastLines.Count > 0, "it failed");
        Assert.Equal((7, 20), (failed.ExitCode, failed.LastLines.Count));
        Assert.Contains("why", failed.LastLines);
        Assert.Contains("line 30", failed.LastLines);
        Assert.DoesNotContain("line 1", failed.LastLines);
    }

    private static ProbeSpec Http(string path) => new() { Http = new HttpProbeSpec { Port = 8090, Path = path }, PeriodSeconds = Often };

    private static NodeTask With(string id, ProbesSpec probes, string line = ServeOnDemand)
    {
        var task = AgentHost.Run(id, line: line);
        return task with { Spec = task.Spec! with { Probes = probes } };
    }
}
