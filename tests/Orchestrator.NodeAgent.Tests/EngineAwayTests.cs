using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tests;

public sealed class EngineAwayTests
{
    [Fact]
    public async Task WhatHappensWhileTheEngineCannotBeReached_IsToldAfterwards()
    {
        using var proxy = new EngineProxy();
        proxy.Heal();
        await using var agent = await AgentHost.StartAsync(engine: proxy.Endpoint);
        var (killed, removed, stays, late) = (NewId(), NewId(), NewId(), NewId());
        await agent.InstructAsync(false, AgentHost.Run(killed), AgentHost.Run(removed, slot: 2), AgentHost.Run(stays, slot: 3));
        var one = (await RunningAsync(agent, killed)).ContainerId!;
        var two = (await RunningAsync(agent, removed)).ContainerId!;
        await RunningAsync(agent, stays);

        proxy.Cut();
        await Engine.RunAsync("kill", one);
        await Engine.RunAsync("rm", "-f", two);
        proxy.Heal();

        Assert.Equal(137, (await agent.ReportedAsync(killed, report => report.State == TaskState.Failed, "the killed one is told")).ExitCode);
        await agent.ReportedAsync(removed, report => report.State == TaskState.Failed, "the removed one is told");
        Assert.Equal(TaskState.Running, agent.Reports.Of(stays)!.State);

        // Events are followed again, and new tasks start.
        await agent.InstructAsync(false, AgentHost.Run(late, slot: 4));
        await Engine.RunAsync("kill", (await RunningAsync(agent, late)).ContainerId!);
        await agent.ReportedAsync(late, report => report.State == TaskState.Failed, "an end after the break is told");
    }

    [Fact]
    public async Task AStop_ThatTheEngineDidNotGet_IsDoneWhenItIsBack()
    {
        using var proxy = new EngineProxy();
        proxy.Heal();
        await using var agent = await AgentHost.StartAsync(engine: proxy.Endpoint);
        var id = NewId();
        await agent.InstructAsync(false, AgentHost.Run(id));
        await RunningAsync(agent, id);

        proxy.Cut();
        await agent.InstructAsync(false, AgentHost.Stop(id, 2));
        await agent.ReportedAsync(id, report => report.State == TaskState.Stopping, "it is to stop");
        proxy.Heal();

        await agent.ReportedAsync(id, report => report.State == TaskState.Stopped, "it is stopped");
        Assert.Empty(await agent.ContainersAsync(all: false));
    }

    [Theory]
    [InlineData("/containers/create")]
    [InlineData("/start")]
    public async Task AStart_WhoseAnswerWasLost_LeavesNoContainer(string request)
    {
        using var proxy = new EngineProxy { CutAfter = request };
        proxy.Heal();
        await using var agent = await AgentHost.StartAsync(engine: proxy.Endpoint);
        var (lost, late) = (NewId(), NewId());
        await agent.InstructAsync(false, AgentHost.Run(lost));
        await agent.ReportedAsync(lost, report => report.State == TaskState.Failed, "it is told as failed");
        await Until.IsAsync(() => agent.ContainersAsync(all: true), found => found.Count == 1, "the engine made it all the same");

        proxy.Heal();
        await Until.IsAsync(() => agent.ContainersAsync(all: true), found => found.Count == 0, "what is left is removed");
        await agent.InstructAsync(false, AgentHost.Run(late));
        await RunningAsync(agent, late);
    }

    [Fact]
    public async Task AStop_ThatComesWhileTheEngineIsAskedAboutWhatItHasJustStarted_IsDone()
    {
        using var proxy = new EngineProxy();
        proxy.Heal();
        await using var agent = await AgentHost.StartAsync(engine: proxy.Endpoint);
        var id = NewId();
        proxy.Hold = "/json HTTP";
        await agent.InstructAsync(false, AgentHost.Run(id));
        await proxy.Held;
        await agent.InstructAsync(false, AgentHost.Stop(id, 2));
        await agent.ReportedAsync(id, report => report.Version == 2, "the stop has come");
        proxy.Release();

        await agent.ReportedAsync(id, report => report.State == TaskState.Stopped, "it is stopped");
        Assert.Empty(await agent.ContainersAsync(all: false));
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private static Task<TaskReport> RunningAsync(AgentHost agent, string id) => agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs");
}
