using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>Each kind of change that can be the end of waiting is one: nobody moves the clock, so nothing looks by itself.</summary>
public sealed class WakeTests : SchedulerScenes
{
    [Theory]
    [InlineData("capacity")]
    [InlineData("system reserve")]
    [InlineData("overcommit")]
    [InlineData("resource")]
    [InlineData("label")]
    [InlineData("engine label")]
    [InlineData("role")]
    [InlineData("platform")]
    [InlineData("pool")]
    [InlineData("taint")]
    [InlineData("pressure")]
    public async Task WhatANodeTellsAnewOfItself(string kind)
    {
        await StartAsync();
        var good = Scheduler.Joined("n1", cpus: 2, labels: ("zone", "b")) with { Pool = "big", Role = NodeRole.Worker };
        good = good with
        {
            Engine = good.Engine with { Labels = new Dictionary<string, string> { ["gen"] = "2" } },
            Capacity = good.Capacity with { OvercommitCpus = 2, SystemCpus = 1, Generic = new Dictionary<string, long> { ["ssd"] = 1 } },
        };
        await Scheduler.JoinAsync(kind switch
        {
            "capacity" => good with { Capacity = good.Capacity with { Cpus = 1.5 } },
            "system reserve" => good with { Capacity = good.Capacity with { SystemCpus = 1.5 } },
            "overcommit" => good with { Capacity = good.Capacity with { OvercommitCpus = 1 } },
            "resource" => good with { Capacity = good.Capacity with { Generic = new Dictionary<string, long>() } },
            "label" => good with { Labels = new Dictionary<string, string>() },
            "engine label" => good with { Engine = good.Engine with { Labels = new Dictionary<string, string>() } },
            "role" => good with { Role = NodeRole.Manager },
            "platform" => good with { Platform = new NodePlatform { Os = "linux", Architecture = "arm64" } },
            "pool" => good with { Pool = null },
            "taint" => good with { Taints = [new NodeTaint { Key = "fire", Effect = TaintEffect.NoSchedule }] },
            _ => good with { Pressure = new NodePressure { Memory = true } },
        });
        var placement = new PlacementSpec
        {
            Pool = "big", Platforms = [new NodePlatform { Os = "linux", Architecture = "amd64" }],
            Constraints = ["node.labels.zone==b", "engine.labels.gen==2", "node.role==worker"],
        };
        await WaitsAsync(With(placement) with { Resources = new ResourceSpec { ReservedCpus = 2, Generic = new Dictionary<string, long> { ["ssd"] = 1 } } });
        await Scheduler.JoinAsync(good);
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Fact]
    public async Task ANodeThatJoins()
    {
        await StartAsync();
        await WaitsAsync(With(new PlacementSpec()));
        await Scheduler.JoinAsync("n1");
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("drain")]
    [InlineData("label")]
    [InlineData("pool")]
    [InlineData("taint")]
    public async Task WhatPeopleSayOfANode(string kind)
    {
        var taint = new NodeTaint { Key = "fire", Effect = TaintEffect.NoSchedule };
        await StartAsync("n1");
        await UpdateAsync("c0", "n1", node => kind switch
        {
            "pause" => node with { Availability = NodeAvailability.Pause },
            "drain" => node with { Availability = NodeAvailability.Drain },
            "label" => node with { SetLabels = new Dictionary<string, string> { ["off"] = "1" } },
            "pool" => node with { Pool = "big" },
            _ => node with { SetTaints = [taint] },
        });
        await WaitsAsync(With(new PlacementSpec { Constraints = ["node.labels.off!=1"] }));
        await UpdateAsync("c2", "n1", node => kind switch
        {
            "pause" or "drain" => node with { Availability = NodeAvailability.Active },
            "label" => node with { RemoveLabels = ["off"] },
            "pool" => node with { Pool = "" },
            _ => node with { RemoveTaints = ["fire"] },
        });
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ANodeThatAnswersAgain_AlsoAfterItWasLost(bool lost)
    {
        await StartAsync("n1");
        await Scheduler.FindAsync("n1", lost ? NodeLiveness.Lost : NodeLiveness.Unreachable);
        await SchedulerHarness.UntilAsync(() => NodeAsync("n1"), node => node.Liveness >= NodeLiveness.Unreachable);
        await WaitsAsync(With(new PlacementSpec()));
        await Scheduler.FindAsync("n1", NodeLiveness.Ready, epoch: 2);
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
    }

    [Fact]
    public async Task ATaskThatEnds_AlsoWhereWhoHeardOfItWasStoppedBeforeItGaveItsRoomBack()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 2);
        var once = With(new PlacementSpec(), cpus: 1) with { Restart = new RestartPolicy { Condition = RestartCondition.None } };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c0", once with { Name = "one" }, once with { Name = "two" }));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        await RunningAsync(tasks);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.EventAsync<RolloutCompleted>();
        await WaitsAsync(With(new PlacementSpec(), replicas: 2, cpus: 1));
        await Scheduler.SendAsync("n1", Scheduler.Report(tasks[0].Task, TaskState.Completed));
        Assert.Equal("web", (await NextAsync(DesiredState.Run)).Task.Spec!.Service);

        var (stored, now) = (await TaskAsync(tasks[1].Task.TaskId), Scheduler.Time.GetUtcNow());
        var ended = stored with { State = TaskState.Completed, Ready = false, FinishedAt = now, DirtySince = now, UpdatedAt = now };
        Assert.Empty(await Scheduler.Store<ITaskStore>().ReplaceManyAsync([ended], CancellationToken.None));
        await Scheduler.SendAsync("n1", Scheduler.Report(tasks[1].Task, TaskState.Completed));
        Assert.Equal("web", (await NextAsync(DesiredState.Run)).Task.Spec!.Service);
    }

    [Fact]
    public async Task WhoWasStoppedForAnother_AndHadMoreThanThatTakes()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 2);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c0", With(new PlacementSpec(), cpus: 2) with { Name = "low", Priority = 10 }));
        var low = await NextAsync(DesiredState.Run);
        await RunningAsync(low);
        await WaitsAsync(With(new PlacementSpec(), cpus: 1) with { Priority = 5 });
        await Scheduler.AskAsync(new DeployApp { CommandId = "c2", App = "high", Spec = new ApplicationSpec { Services = [With(new PlacementSpec(), cpus: 1) with { Name = "high", Priority = 90, Preemption = PreemptionMode.Lower }] } });
        await Scheduler.SendAsync("n1", Scheduler.Report((await NextAsync(DesiredState.Stop)).Task, TaskState.Stopped));

        // Each has its room, so neither waits for the other.
        Assert.Equal(["high", "web"], new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) }.Select(task => task.Task.Spec!.Service).Order());
    }

    [Fact]
    public async Task ANodeThatIsRemoved_WithTheVolumeThatWasWaitedFor()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(Db("c0", "node.id exists"));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");
        await Scheduler.AskAsync(new ScaleService { CommandId = "c1", App = "data", Service = "db", Replicas = 0 });
        await Scheduler.SendAsync("n1", Scheduler.Report((await NextAsync(DesiredState.Stop)).Task, TaskState.Stopped));
        await SchedulerHarness.UntilAsync(() => NodeAsync("n1"), node => node.Reservations.Count == 0);
        await Scheduler.FindAsync("n1", NodeLiveness.Lost);
        await SchedulerHarness.UntilAsync(() => NodeAsync("n1"), node => node.Liveness == NodeLiveness.Lost);
        await Scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "data", Service = "db", Replicas = 1 });
        Assert.Contains("n2 lacks volume data, which is on n1", (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        Assert.IsType<CommandAccepted>(await Scheduler.AskAsync(new RemoveNode { CommandId = "c3", NodeId = "n1" }));
        Assert.Equal("n2", (await NextAsync(DesiredState.Run)).Node);
    }

    [Fact]
    public async Task AClaimOfAVolume_ThatIsVoid_AtItsTime()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(Db("c0", "node.id exists"));
        var task = await NextAsync(DesiredState.Run);
        await Scheduler.JoinAsync("n2");
        await UpdateAsync("c1", "n1", node => node with { Availability = NodeAvailability.Pause });
        await Scheduler.SendAsync("n1", Scheduler.Report(task.Task, TaskState.Rejected));
        await AdvanceUntilAsync(() => Scheduler.EventsNotTaken<TaskUnschedulable>().Count > 0, TimeSpan.FromSeconds(20));
        Assert.Contains("n2 lacks volume data, which is on n1", (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        Assert.Equal("n2", (await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromSeconds(60))).Node);
    }

    [Fact]
    public async Task WhatWasSetAsideForNobody_WhenTheSweepDropsIt()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 1);
        var store = Scheduler.Store<INodeStore>();
        var stray = new Dictionary<string, Reservation> { ["stray"] = new() { Cpus = 1, MemoryBytes = 0, ReservedAt = Scheduler.Time.GetUtcNow() } };
        Assert.True(await store.TryReserveAsync("n1", (await NodeAsync("n1")).Version, stray, [], CancellationToken.None));
        await WaitsAsync(With(new PlacementSpec(), cpus: 1));
        Assert.Equal("n1", (await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromMinutes(2))).Node);
    }

    [Fact]
    public async Task WhatWaits_IsNotDue_AtAnyTime()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 1);
        await WaitsAsync(With(new PlacementSpec(), cpus: 2));
        var waiting = Assert.Single(await Scheduler.Store<IServiceStore>().ListUnschedulableAsync(CancellationToken.None));
        await SchedulerHarness.UntilAsync(() => Scheduler.Store<IServiceStore>().FindAsync(waiting.Id, CancellationToken.None), service => service is { DirtySince: null, DueAt: null });
    }

    private async Task WaitsAsync(ServiceSpec web)
    {
        await Scheduler.AskAsync(new DeployApp { CommandId = "waits", App = "waits", Spec = new ApplicationSpec { Services = [web] } });
        await Scheduler.EventAsync<TaskUnschedulable>(told => told.App == "waits");
        await SchedulerHarness.UntilAsync(() => Scheduler.Store<IServiceStore>().ListUnschedulableAsync(CancellationToken.None), list => list.Any(service => service is { App: "waits", DirtySince: null }));
    }

    private static DeployApp Db(string command, string constraint)
    {
        var container = new ContainerSpec { Image = "db:1", Mounts = [new MountSpec { Type = MountType.Volume, Source = "data", Target = "/data" }] };
        return new DeployApp { CommandId = command, App = "data", Spec = new ApplicationSpec { Services = [With(new PlacementSpec { Constraints = [constraint] }) with { Name = "db", Container = container }] } };
    }
}
