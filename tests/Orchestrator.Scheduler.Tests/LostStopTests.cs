using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>A node tells of a task at the moment in which it is to be stopped for another.</summary>
public sealed class LostStopTests : SchedulerScenes
{
    private WatchedTasks _watched = null!;

    [Fact]
    public async Task WhatCouldNotBeStopped_IsNotYetFollowed_ThereAreNeverMoreThanTheRolloutAllows()
    {
        Scheduler.Replace = services => WatchedTasks.Watch(services, watched => _watched = watched);
        await Scheduler.InitializeAsync();
        await Scheduler.JoinAsync(cpus: 8);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 3, cpus: 1)));
        await ServedUntilAsync(tasks => tasks.Count(Serves) == 3);

        var told = new HashSet<string>();
        _watched.Before = tasks => [.. tasks.Where(task => task.Desired == DesiredState.Stop && told.Add(task.Id)).Select(task => task with { Desired = DesiredState.Run })];
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web("web:2", replicas: 3, cpus: 1)));
        await ServedUntilAsync(tasks => tasks.Count(task => !task.State.IsFinal()) == 3 && tasks.Count(task => Serves(task) && task.Image == "web:2") == 3);
        Assert.Equal(3, told.Count);
        Assert.Equal(4, _watched.Most["web"]);
        await SchedulerHarness.UntilAsync(() => ReservedAsync(SchedulerHarness.Node), cpus => cpus == 3);
    }
}
