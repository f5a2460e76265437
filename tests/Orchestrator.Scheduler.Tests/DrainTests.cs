using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>A drain that meets other work, and one that is disturbed half-way.</summary>
public sealed class DrainTests : SchedulerScenes
{
    private const string Drained = "n1";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private WatchedTasks _watched = null!;

    [Fact]
    public async Task WithoutRoomElsewhere_AndAnUpdateMeanwhile_EveryServiceKeepsWhatItMustHave()
    {
        var web = SchedulerHarness.Web(replicas: 4, cpus: 1) with
        {
            Update = new UpdateConfig { Order = UpdateOrder.StopFirst, Parallelism = 0, MonitorSeconds = 0 },
            Rollout = new RolloutSpec { MinAvailable = "3", MinHealthySeconds = 0 },
        };
        var api = SchedulerHarness.Web(name: "api", replicas: 3, cpus: 1) with { Rollout = new RolloutSpec { MinAvailable = "100%", MinHealthySeconds = 0 } };
        Scheduler.Replace = services => WatchedTasks.Watch(services, watched => _watched = watched);
        await Scheduler.InitializeAsync();
        await Scheduler.JoinAsync(Drained, cpus: 8);
        await Scheduler.JoinAsync("n2", cpus: 2);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", web));
        await ServedUntilAsync(tasks => tasks.Count(Serves) == 4);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c2", web, api));
        await ServedUntilAsync(tasks => tasks.Count(Serves) == 7);
        Assert.Equal(2, (await AllTasksAsync()).Count(task => task is { Service: "web", NodeId: "n2" }));
        _watched.Forget();

        await UpdateAsync("c3", Drained, node => node with { Availability = NodeAvailability.Drain });
        await ServedUntilAsync(tasks => tasks.Any(Waits("web")) && tasks.Any(Waits("api")));
        Assert.Equal(7, (await AllTasksAsync()).Count(Serves));

        // It would stop both of its tasks on n2 for their successors, if those on the drained node were not to go as well.
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c4", web with { Container = new ContainerSpec { Image = "web:2" } }, api));
        await ServedUntilAsync(tasks => tasks.Any(task => task is { Service: "web", NodeId: "n2", State: TaskState.Stopped }));
        await Scheduler.JoinAsync("n3", cpus: 8);
        await ServedUntilAsync(tasks => tasks.Count(Serves) == 7 && tasks.Where(Serves).All(task => task.NodeId != Drained && (task.Service == "api" || task.Image == "web:2")));
        await ServedUntilAsync(tasks => tasks.Count(task => !task.State.IsFinal()) == 7);
        await SchedulerHarness.UntilAsync(() => NodeAsync(Drained), node => node.Reservations.Count == 0);
        Assert.Equal((3, 3), (_watched.Fewest["web"], _watched.Fewest["api"]));
    }

    [Fact]
    public async Task WhileAllSchedulersAreAway_NothingMoves_ThenItGoesOn_AndItsDeadlineIsTheSame()
    {
        var moved = await HalfWayAsync();
        var until = (await NodeAsync(Drained)).DrainUntil;

        // There is room for one more, and nobody left to use it.
        await Scheduler.JoinAsync("n3", cpus: 1);
        await Scheduler.StopAsync();
        Scheduler.Time.Advance(Deadline / 2);
        await Scheduler.StartAsync();

        await ServedUntilAsync(tasks => tasks.Count(task => Serves(task) && task.NodeId != Drained) == 2 && tasks.Count(task => task.NodeId == Drained && !task.State.IsFinal()) == 1);
        Assert.True(Serves(await TaskAsync(moved)));
        Assert.Equal(until, (await NodeAsync(Drained)).DrainUntil);
        var last = Assert.Single(await AllTasksAsync(), task => task.NodeId == Drained && Serves(task));

        // The last finds no room, and goes when the time is over that was given at the beginning.
        Scheduler.Time.Advance(until!.Value - Scheduler.Time.GetUtcNow() - TimeSpan.FromSeconds(5));
        await ServedUntilAsync(tasks => tasks.Single(task => task.Id == last.Id).State == TaskState.Stopped);
        Assert.InRange(Scheduler.Time.GetUtcNow(), until.Value, until.Value + TimeSpan.FromSeconds(30));
        Assert.Equal("its node is being drained, and the deadline has passed", (await TaskAsync(last.Id)).Message);
        await SchedulerHarness.UntilAsync(() => NodeAsync(Drained), node => node.Reservations.Count == 0);
    }

    [Fact]
    public async Task CalledOffHalfWay_WhatHasMovedStaysThere_AndTheRestWhereItIs()
    {
        var moved = await HalfWayAsync();
        var left = (await AllTasksAsync()).Where(task => task.NodeId == Drained && Serves(task)).Select(task => task.Id).ToList();
        Assert.Equal(2, left.Count);
        await ServedUntilAsync(tasks => tasks.Any(Waits("web")));
        await UpdateAsync("c3", Drained, node => node with { Availability = NodeAvailability.Active });
        var live = (await ServedUntilAsync(tasks => tasks.Count(task => !task.State.IsFinal()) == 3)).Where(task => !task.State.IsFinal()).ToList();
        Assert.Equal([.. left.Append(moved).Order()], live.Where(Serves).Select(task => task.Id).Order());
        Assert.Null((await NodeAsync(Drained)).DrainUntil);
    }

    /// <summary>Three tasks on a node that is being drained: one has moved, and there is no room for the others.</summary>
    /// <returns>Its new task.</returns>
    private async Task<string> HalfWayAsync()
    {
        await StartAsync(Drained);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 3, cpus: 1)));
        await ServedUntilAsync(tasks => tasks.Count(Serves) == 3);
        await Scheduler.JoinAsync("n2", cpus: 1);
        await UpdateAsync("c2", Drained, node => node with { Availability = NodeAvailability.Drain, DrainDeadlineSeconds = Deadline.TotalSeconds });
        return (await ServedUntilAsync(tasks => tasks.Any(task => task is { NodeId: Drained, State: TaskState.Stopped }))).Single(task => task.NodeId == "n2" && Serves(task)).Id;
    }

    private static Func<TaskDocument, bool> Waits(string service) => task => task.Service == service && task is { State: TaskState.Pending, Desired: DesiredState.Run };
}
