using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>Data stay where they are, and tasks go to them.</summary>
public sealed class VolumeTests : SchedulerScenes
{
    [Fact]
    public async Task ATask_WaitsForTheNodeOfItsVolume_AndSaysSo_UntilThatNodeIsRemoved()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db()));
        await RunningAsync(await NextAsync(DesiredState.Run));
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");
        await Scheduler.FindAsync("n1", NodeLiveness.Lost);
        var told = await Scheduler.EventAsync<TaskUnschedulable>();
        Assert.Contains("n2 lacks volume data, which is on n1", told.Reasons);
        Assert.Contains(told.Reasons, reason => reason.StartsWith("n1 is ", StringComparison.Ordinal));
        Assert.DoesNotContain(Scheduler.InstructionsNotTaken(), message => message.NodeId == "n2");

        Assert.IsType<CommandAccepted>(await Scheduler.AskAsync(new RemoveNode { CommandId = "c2", NodeId = "n1" }));
        await Scheduler.EventAsync<NodeRemoved>();
        var next = await NextAsync(DesiredState.Run);
        Assert.Equal("n2", next.Node);
        await RunningAsync(next);
        await SchedulerHarness.UntilAsync(VolumesAsync, volumes => volumes["data"] is { NodeId: "n2", HasData: true });
    }

    [Fact]
    public async Task TheTask_GoesBackToItsData_WhenTheNodeReturns()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db()));
        var first = await NextAsync(DesiredState.Run);
        await RunningAsync(first);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");
        await UpdateAsync("c2", "n1", node => node with { Availability = NodeAvailability.Pause });
        await Scheduler.SendAsync("n1", Scheduler.Report(first.Task, TaskState.Failed));
        await AdvanceUntilAsync(() => Scheduler.EventsNotTaken<TaskUnschedulable>().Count > 0, TimeSpan.FromMinutes(1));
        Assert.Contains("n2 lacks volume data, which is on n1", (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        await UpdateAsync("c3", "n1", node => node with { Availability = NodeAvailability.Active });
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ADrainedNode_KeepsTheTaskWithItsData_AndSaysWhy_UntilTheDeadlineOrForce(bool force)
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db()));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");
        await UpdateAsync("c2", "n1", node => node with { Availability = NodeAvailability.Drain, DrainDeadlineSeconds = 600 });
        Assert.Equal(["n1 is being drained", "n2 lacks volume data, which is on n1"], (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        Scheduler.Time.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal((DesiredState.Run, true), ((await TaskAsync(task.Task.TaskId)).Desired, (await TaskAsync(task.Task.TaskId)).Ready));
        if (force)
        {
            await UpdateAsync("c3", "n1", node => node with { Availability = NodeAvailability.Drain, DrainDeadlineSeconds = 0 });
        }

        var stopped = force ? await NextAsync(DesiredState.Stop) : await AdvanceUntilAsync(DesiredState.Stop, TimeSpan.FromSeconds(400));
        Assert.Equal(task.Task.TaskId, stopped.Task.TaskId);
        await Scheduler.SendAsync("n1", Scheduler.Report(stopped.Task, TaskState.Stopped));
        await SchedulerHarness.UntilAsync(() => NodeAsync("n1"), node => node.Reservations.Count == 0);
        await UpdateAsync("c4", "n1", node => node with { Availability = NodeAvailability.Active });
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Fact]
    public async Task WhoSharesAVolume_Meets_AndWhatBindsNobody_Spreads()
    {
        await StartAsync("n1", "n2");
        var shared = new[] { Db("one", replicas: 2), Db("two"), Db("three") };
        var nfs = new VolumeSpec { DriverOptions = new Dictionary<string, string> { ["type"] = "nfs" } };
        var free = new[] { Db("nfs", replicas: 2) with { Container = Mounting("net", nfs) }, Db("all") with { Mode = ServiceMode.Global } };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", [.. shared, .. free]));
        var tasks = new List<(string Node, NodeTask Task)>();
        while (tasks.Count < 8)
        {
            tasks.Add(await NextAsync(DesiredState.Run));
        }

        var nodes = tasks.ToLookup(task => task.Task.Spec!.Service, task => task.Node);
        Assert.Single(nodes["one"].Concat(nodes["two"]).Concat(nodes["three"]).Distinct());
        Assert.Equal(["n1", "n2"], nodes["nfs"].Order());
        Assert.Equal(["n1", "n2"], nodes["all"].Order());
        Assert.Equal(["data"], (await VolumesAsync()).Keys);
    }

    [Fact]
    public async Task Data_OutliveTheApplication()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db()));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.AskAsync(new RemoveApp { CommandId = "c2", App = "shop" });
        await Scheduler.SendAsync("n1", Scheduler.Report((await NextAsync(DesiredState.Stop)).Task, TaskState.Stopped));
        await Scheduler.EventAsync<AppRemoved>();
        await Scheduler.JoinAsync("n2");

        var elsewhere = Db() with { Placement = new PlacementSpec { Constraints = ["node.id==n2"] } };
        var id = NewId.NextGuid().ToString("N");
        await Scheduler.Bus.Publish(new PlanApp { RequestId = id, App = "shop", Spec = new ApplicationSpec { Services = [elsewhere] } });
        var planned = Assert.Single((await Scheduler.PlanAsync(id)).Services);
        Assert.Equal(1, planned.Waiting);
        Assert.Contains("n2 lacks volume data, which is on n1", planned.Reasons);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c3", elsewhere));
        Assert.Contains("n2 lacks volume data, which is on n1", (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c4", Db()));
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Fact]
    public async Task WhereNoTaskHasRun_ThereAreNoData_AndTheNextMayGoElsewhere()
    {
        await StartAsync("n1", "n2");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db()));
        var first = await NextAsync(DesiredState.Run);
        var next = first;
        for (var attempt = 1; next.Node == first.Node && attempt < 10; attempt++)
        {
            await Scheduler.SendAsync(next.Node, Scheduler.Report(next.Task, TaskState.Rejected));
            next = await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromMinutes(10));
        }

        Assert.NotEqual(first.Node, next.Node);
    }

    [Fact]
    public async Task Levelling_LeavesTasksWithTheirData()
    {
        Scheduler.Configure = options =>
        {
            options.Rebalance = true;
            options.RebalanceMovesPerHour = 1;
            options.RebalanceInterval = TimeSpan.FromSeconds(5);
        };
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", Db("db", replicas: 2, cpus: 1), SchedulerHarness.Web(replicas: 1, cpus: 1)));
        await RunningAsync(await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run));
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");
        var moved = await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromSeconds(30));
        Assert.Equal(("n2", "web"), (moved.Node, moved.Task.Spec!.Service));
    }

    private static ServiceSpec Db(string name = "db", int replicas = 1, double? cpus = null) =>
        SchedulerHarness.Web(replicas: replicas, cpus: cpus, name: name) with { Container = Mounting("data"), Placement = new PlacementSpec { Strategy = PlacementStrategy.Spread } };

    private static ContainerSpec Mounting(string name, VolumeSpec? volume = null) =>
        new() { Image = "db:1", Mounts = [new MountSpec { Type = MountType.Volume, Source = name, Target = "/data", Volume = volume }] };

    private async Task<IReadOnlyDictionary<string, AppVolume>> VolumesAsync() =>
        (await Scheduler.Store<IAppStore>().FindAsync("shop", CancellationToken.None))!.Volumes;
}
