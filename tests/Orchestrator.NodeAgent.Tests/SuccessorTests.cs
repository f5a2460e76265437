using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Tests;

/// <summary>Nobody answers the agent's reports, but where the test does.</summary>
public sealed class SuccessorTests
{
    private static readonly RestartPolicy Policy = new() { DelaySeconds = 1 };

    [Fact]
    public async Task WhatDies_IsFollowedByTheNodeItself_AgainAndAgain_AndAfterARestartOfTheAgentToo()
    {
        var agent = await AgentHost.StartAsync();
        var first = Restarting(Guid.NewGuid().ToString("N"));
        await agent.InstructAsync(false, first);
        await KillAsync(await agent.ReportedAsync(first.TaskId, report => report.State == TaskState.Running, "it runs"));
        var second = await FollowingAsync(agent, first.TaskId);
        Assert.Equal((0L, "web", 1), (second.Version, second.Unknown!.Service, second.Unknown.Slot));
        await KillAsync(second);
        var third = await FollowingAsync(agent, second.TaskId);
        Assert.Single(await agent.ContainersAsync(all: false));

        await using var again = await AgentHost.StartAsync(await agent.LeaveAsync());
        await again.InstructAsync(true);
        var told = await again.ReportedAsync(third.TaskId, report => report.State == TaskState.Running, "it is taken over");
        Assert.Equal((second.TaskId, third.ContainerId), (told.Replaces, told.ContainerId));

        // A scheduler is back and adopts it: from now on it is a task like others.
        await again.InstructAsync(false, Restarting(third.TaskId) with { Observed = TaskState.Running });
        await again.ReportedAsync(third.TaskId, report => report.Version == 1, "it is adopted");
        await again.InstructAsync(false, AgentHost.Stop(third.TaskId, 2));
        await again.ReportedAsync(third.TaskId, report => report.State == TaskState.Stopped, "it stops");
        Assert.Empty(await again.ContainersAsync(all: false));
    }

    [Fact]
    public async Task WhereASchedulerKnowsOfTheEnd_OrThePolicyWantsNone_NothingFollows()
    {
        await using var agent = await AgentHost.StartAsync();
        var (taken, single) = (Restarting(Guid.NewGuid().ToString("N")), Restarting(Guid.NewGuid().ToString("N"), RestartCondition.None, slot: 2));
        await agent.InstructAsync(false, taken, single);
        foreach (var id in new[] { taken.TaskId, single.TaskId })
        {
            await KillAsync(await agent.ReportedAsync(id, report => report.State == TaskState.Running, "it runs"));
            await agent.ReportedAsync(id, report => report.State == TaskState.Failed, "it died");
            await agent.TakeEndsAsync(taken.TaskId);
        }

        // What would have followed comes before this one does.
        var other = Restarting(Guid.NewGuid().ToString("N"), slot: 3);
        await agent.InstructAsync(false, other);
        await KillAsync(await agent.ReportedAsync(other.TaskId, report => report.State == TaskState.Running, "it runs"));
        await FollowingAsync(agent, other.TaskId);
        Assert.Null(agent.Reports.Following(taken.TaskId));
        Assert.Null(agent.Reports.Following(single.TaskId));
    }

    private static Task KillAsync(TaskReport running) => Engine.RunAsync("kill", running.ContainerId!);

    private static async Task<TaskReport> FollowingAsync(AgentHost agent, string taskId) => (await Until.IsAsync(
        () => Task.FromResult(agent.Reports.Following(taskId)), report => report is { State: TaskState.Running }, "it is followed"))!;

    private static NodeTask Restarting(string id, RestartCondition condition = RestartCondition.Any, int slot = 1)
    {
        var task = AgentHost.Run(id, slot: slot);
        return task with { Spec = task.Spec! with { Restart = Policy with { Condition = condition } } };
    }
}
