using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;

namespace Orchestrator.NodeAgent.Tests;

public sealed class AgentTests
{
    private static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>Another program, with a port of its own.</summary>
    private static System.Net.Sockets.TcpListener Listening()
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static NodeTask Publishing(string id, int port, PortMode mode)
    {
        var task = AgentHost.Run(id);
        return task with { Spec = task.Spec! with { Ports = [new PortSpec { Target = 8080, Published = port, Mode = mode, HostIp = "127.0.0.1" }] } };
    }

    [Fact]
    public async Task ItJoins_WithWhatTheMachineHas()
    {
        await using var agent = await AgentHost.StartAsync();
        var joined = agent.Reports.Joined!;
        Assert.True(joined.Capacity is { Cpus: >= 1, MemoryBytes: > 100_000_000, DiskBytes: > 0 });
        Assert.Equal("linux", joined.Platform.Os);
        Assert.NotEmpty(joined.Platform.Architecture);
        Assert.NotEmpty(joined.Engine.Version);
        Assert.NotEmpty(joined.Name);
    }

    [Fact]
    public async Task AnInstruction_IsAcknowledged_Followed_AndTold()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Run(id));
        var running = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.True(running is { Ready: true, Version: 1, ContainerId.Length: 64, EngineSeconds: > 0, RunningAt: not null });
        Assert.Equal(agent.Reports.All(id).Select(report => report.State).Order(), agent.Reports.All(id).Select(report => report.State));

        await agent.InstructAsync(false, AgentHost.Stop(id, 2));
        var stopped = await agent.ReportedAsync(id, report => report.State == TaskState.Stopped, "it stops");
        Assert.Equal((2, 0), (stopped.Version, stopped.ExitCode));
        Assert.Empty(await agent.ContainersAsync(all: false));
    }

    [Fact]
    public async Task AnOlderInstruction_IsDropped_AndARepeatedOneIsAnswered()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Stop(id, 5));
        await agent.ReportedAsync(id, report => report.State == TaskState.Stopped, "there is nothing to stop");
        await agent.InstructAsync(false, AgentHost.Run(id, 4));
        var before = agent.Reports.All(id).Count;
        await agent.InstructAsync(false, AgentHost.Stop(id, 5));
        await Until.IsAsync(() => Task.FromResult(agent.Reports.All(id).Count), count => count > before, "the repeated one is answered");
        Assert.Empty(await agent.ContainersAsync(all: true));
    }

    [Fact]
    public async Task TheSameInstructionManyTimes_StartsOneContainer()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => agent.InstructAsync(false, AgentHost.Run(id))));
        await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.Single(await agent.ContainersAsync(all: true));
    }

    [Fact]
    public async Task AfterItsOwnRestart_ItTakesOver_AndWhatNobodyNamesIsToldAndRunsOn()
    {
        var first = await AgentHost.StartAsync();
        var (known, unknown) = (NewId(), NewId());
        await first.InstructAsync(false, AgentHost.Run(known), AgentHost.Run(unknown, slot: 2));
        var container = (await first.ReportedAsync(known, report => report.State == TaskState.Running, "it runs")).ContainerId;
        await first.ReportedAsync(unknown, report => report.State == TaskState.Running, "it runs");

        await using var second = await AgentHost.StartAsync(await first.LeaveAsync());
        await second.InstructAsync(true, AgentHost.Run(known) with { Observed = TaskState.Running });
        var adopted = await second.ReportedAsync(known, report => report is { State: TaskState.Running, Version: 1 }, "the known one is adopted");
        Assert.Equal(container, adopted.ContainerId);
        var stranger = await second.ReportedAsync(unknown, report => report.Unknown is not null, "the unknown one is told");
        Assert.Equal(("agent", "web", 2, 0L), (stranger.Unknown!.App, stranger.Unknown.Service, stranger.Unknown.Slot, stranger.Version));
        Assert.Equal(2, (await second.ContainersAsync(all: false)).Count);

        await second.InstructAsync(false, AgentHost.Stop(unknown, 2));
        await second.ReportedAsync(unknown, report => report.State == TaskState.Stopped, "the unknown one is told to stop");
    }

    [Fact]
    public async Task WhatEndedBeforeItsRestart_IsTold_AndNotStartedAgain()
    {
        var first = await AgentHost.StartAsync();
        var (killed, removed) = (NewId(), NewId());
        await first.InstructAsync(false, AgentHost.Run(killed), AgentHost.Run(removed, slot: 2));
        var one = (await first.ReportedAsync(killed, report => report.State == TaskState.Running, "it runs")).ContainerId!;
        var two = (await first.ReportedAsync(removed, report => report.State == TaskState.Running, "it runs")).ContainerId!;
        var cluster = await first.LeaveAsync();
        await Engine.RunAsync("kill", one);
        await Engine.RunAsync("rm", "-f", two);

        await using var second = await AgentHost.StartAsync(cluster);
        await second.InstructAsync(true, AgentHost.Run(killed) with { Observed = TaskState.Running }, AgentHost.Run(removed, slot: 2) with { Observed = TaskState.Running });
        Assert.Equal(137, (await second.ReportedAsync(killed, report => report.State == TaskState.Failed, "the killed one is told")).ExitCode);
        await second.ReportedAsync(removed, report => report.State == TaskState.Failed, "the removed one is told");
        Assert.Empty(await second.ContainersAsync(all: false));
    }

    [Fact]
    public async Task AnUnhealthyTask_IsNotReady()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        var task = AgentHost.Run(id, line: "busybox mkdir -p /tmp; busybox touch /tmp/ok; trap 'exit 0' TERM; while :; do busybox sleep 1 & wait $!; done");
        var check = new HealthcheckSpec { Test = ["CMD", "/bin/busybox", "test", "-e", "/tmp/ok"], IntervalSeconds = 0.3, TimeoutSeconds = 2, Retries = 1 };
        await agent.InstructAsync(false, task with { Spec = task.Spec! with { Container = task.Spec.Container with { Healthcheck = check } } });
        var healthy = await agent.ReportedAsync(id, report => report is { Health: HealthState.Healthy, Ready: true }, "it is healthy");
        await Engine.RunAsync("exec", healthy.ContainerId!, "/bin/busybox", "rm", "/tmp/ok");
        await agent.ReportedAsync(id, report => report is { Health: HealthState.Unhealthy, Ready: false, State: TaskState.Running }, "it is unhealthy");
        Assert.Contains(agent.Reports.All(id), report => report is { Health: HealthState.Starting, Ready: false });
    }

    [Fact]
    public async Task AContainerOverItsMemory_IsToldAsSuch()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        var task = AgentHost.Run(id, line: "a=x; while :; do a=$a$a$a$a; done");
        await agent.InstructAsync(false, task with { Spec = task.Spec! with { Resources = new ResourceSpec { LimitMemoryBytes = 8 << 20 } } });
        var failed = await agent.ReportedAsync(id, report => report is { State: TaskState.Failed, OutOfMemory: true }, "it fails for memory");
        Assert.Contains("raise its memory limit", failed.Message, StringComparison.Ordinal);
    }

    /// <summary>As a busy engine does.</summary>
    [Fact]
    public async Task AKillForMemory_ThatTheEngineTellsAfterTheEnd_IsToldToo()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Run(id, line: "exit 137"));
        var failed = await agent.ReportedAsync(id, report => report.State == TaskState.Failed, "it fails");
        Assert.False(failed.OutOfMemory, failed.Message);
        agent.EngineTells(new ContainerEvent(id, failed.ContainerId!, ContainerEventKind.OutOfMemory, TimeProvider.System.GetUtcNow(), 0));
        var explained = await agent.ReportedAsync(id, report => report is { State: TaskState.Failed, OutOfMemory: true }, "its cause is told");
        Assert.Contains("raise its memory limit", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAnApplicationLeaves_ItsNetworkGoes()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Run(id));
        await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.NotEmpty(await Engine.RunAsync("network", "ls", "-q", "--filter", "label=" + agent.Label));
        await agent.InstructAsync(false, AgentHost.Stop(id, 2));
        await Until.IsAsync(() => Engine.RunAsync("network", "ls", "-q", "--filter", "label=" + agent.Label), found => found.Length == 0, "the network goes");
        Assert.Empty(await agent.ContainersAsync(all: true));
    }

    [Fact]
    public async Task AnApplicationWhoseTasksEndedByThemselves_IsCleanedUp_OnceTheyAreToldToStop()
    {
        await using var agent = await AgentHost.StartAsync();
        var (failed, rejected) = (NewId(), NewId());
        var refused = AgentHost.Run(rejected, slot: 2);
        await agent.InstructAsync(false, AgentHost.Run(failed, line: "exit 3"), refused with { Spec = refused.Spec! with { Container = refused.Spec.Container with { Image = "orch-test:none" } } });
        await agent.ReportedAsync(failed, report => report.State == TaskState.Failed, "it fails");
        await agent.ReportedAsync(rejected, report => report.State == TaskState.Rejected, "it is rejected");
        Assert.Single(await agent.ContainersAsync(all: true));

        await agent.InstructAsync(false, AgentHost.Stop(failed, 2), AgentHost.Stop(rejected, 2));
        await Until.IsAsync(() => Engine.RunAsync("network", "ls", "-q", "--filter", "label=" + agent.Label), found => found.Length == 0, "the network goes");
        Assert.Empty(await agent.ContainersAsync(all: true));
    }

    /// <summary>The word that nothing follows was lost while the node was cut off.</summary>
    [Fact]
    public async Task WhatHasEnded_AndIsNotAmongAllThatIsWanted_IsToldAsUnknown_AndCleanedUpWhenItIsToStop()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Run(id, line: "exit 3"));
        Assert.Null((await agent.ReportedAsync(id, report => report.State == TaskState.Failed, "it fails")).Unknown);

        await agent.InstructAsync(full: true);
        var told = await agent.ReportedAsync(id, report => report.Unknown is not null, "it is told as unknown");
        Assert.Equal((TaskState.Failed, 3, "agent", 0L), (told.State, told.ExitCode, told.Unknown!.App, told.Version));
        Assert.Single(await agent.ContainersAsync(all: true));

        await agent.InstructAsync(false, AgentHost.Stop(id, 1));
        await Until.IsAsync(() => Engine.RunAsync("network", "ls", "-q", "--filter", "label=" + agent.Label), found => found.Length == 0, "the network goes");
        Assert.Empty(await agent.ContainersAsync(all: true));
    }

    [Fact]
    public async Task ATaskWhosePublishedPortSomebodyHas_IsNotReady_UntilThePortIsFree()
    {
        await using var agent = await AgentHost.StartAsync();
        using var other = Listening();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var id = NewId();
        await agent.InstructAsync(false, Publishing(id, port, PortMode.Ingress));
        var taken = await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        Assert.False(taken.Ready);
        Assert.Contains($"port {port} cannot be bound", taken.Message, StringComparison.Ordinal);

        other.Stop();
        await agent.ReportedAsync(id, report => report is { Ready: true, Message: null }, "it is ready");
    }

    [Fact]
    public async Task ATaskWhoseHostPortAnotherProgramHas_IsRefusedWithItsName()
    {
        await using var agent = await AgentHost.StartAsync();
        using var other = Listening();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var id = NewId();
        await agent.InstructAsync(false, Publishing(id, port, PortMode.Host));
        var refused = await agent.ReportedAsync(id, report => report.State >= TaskState.Completed, "it ends");
        Assert.Contains($"{(await File.ReadAllTextAsync("/proc/self/comm")).Trim()}, process {Environment.ProcessId} has port {port} of this node; publish another, or free it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheClustersNetwork_AServicesAliasesAreNamesInTheEnginesNetwork()
    {
        await using var agent = await AgentHost.StartAsync();
        var id = NewId();
        var task = AgentHost.Run(id);
        await agent.InstructAsync(false, task with { Spec = task.Spec! with { Network = new NetworkSpec { Networks = [new NetworkAttachment { Name = "default", Aliases = ["store"] }] } } });
        await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
        var aliases = await Engine.RunAsync("inspect", "-f", "{{range .NetworkSettings.Networks}}{{join .Aliases \" \"}}{{end}}", Assert.Single(await agent.ContainersAsync(all: false)));
        Assert.Contains("store", aliases.Split(' '));
        Assert.Contains(task.Spec!.Service, aliases.Split(' '));
    }

    [Fact]
    public async Task ANetworkThatSomebodyRemoved_IsMadeAgain()
    {
        await using var agent = await AgentHost.StartAsync();
        var (first, second) = (NewId(), NewId());
        await agent.InstructAsync(false, AgentHost.Run(first, line: "exit 3"));
        await agent.ReportedAsync(first, report => report.State == TaskState.Failed, "it ends");
        var network = await Engine.RunAsync("network", "ls", "-q", "--filter", "label=" + agent.Label);

        // The engine tells that a container has ended a moment before it takes it from its network.
        await Until.IsAsync(() => Shell.RunAsync("docker", ["network", "rm", network]), result => result.ExitCode == 0, "the network is removed");

        await agent.InstructAsync(false, AgentHost.Run(second));
        await agent.ReportedAsync(second, report => report.State == TaskState.Running, "it runs");
    }
}
