using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>What services say of nodes, and nodes of themselves, on the running scheduler.</summary>
public sealed class PlacementTests : SchedulerScenes
{
    [Fact]
    public async Task AConstraint_IsKept_AndWhatWaitsForIt_WakesWhenALabelComes()
    {
        await StartAsync("n1", "n2");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec { Constraints = ["node.labels.zone==b"] }, replicas: 1)));
        var told = await Scheduler.EventAsync<TaskUnschedulable>();
        Assert.Equal(["n1 lacks label zone=b", "n2 lacks label zone=b"], told.Reasons);
        Assert.Contains(told.Changes, change => change.Contains("zone=b", StringComparison.Ordinal));

        await UpdateAsync("c2", "n2", node => node with { SetLabels = new Dictionary<string, string> { ["zone"] = "b" } });
        Assert.Equal("n2", (await NextAsync(DesiredState.Run)).Node);
        Assert.Empty(Scheduler.EventsNotTaken<TaskUnschedulable>());
    }

    [Fact]
    public async Task AChangedLabel_ReplacesOnlyTheTaskThatNoLongerMatches_AndStartsTheNewOneFirst()
    {
        await StartAsync();
        await Scheduler.JoinAsync(Scheduler.Joined("n1", labels: ("zone", "a")));
        await Scheduler.JoinAsync(Scheduler.Joined("n2", labels: ("zone", "a")));
        await Scheduler.JoinAsync(Scheduler.Joined("n3", labels: ("zone", "a")));
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec { Constraints = ["node.labels.zone==a"], MaxReplicasPerNode = 1 }, replicas: 2) with { Update = new UpdateConfig { Order = UpdateOrder.StartFirst } }));
        var first = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        await RunningAsync(first);
        await Scheduler.EventAsync<RolloutCompleted>();

        await UpdateAsync("c2", first[0].Node, node => node with { SetLabels = new Dictionary<string, string> { ["zone"] = "c" } });
        var successor = await NextAsync(DesiredState.Run);
        Assert.DoesNotContain(successor.Node, first.Select(task => task.Node));
        Assert.Equal(first[0].Task.Spec!.Slot, successor.Task.Spec!.Slot);
        Assert.DoesNotContain(Told, told => told.Task.Desired == DesiredState.Stop);
        await RunningAsync(successor);
        var stopped = await NextAsync(DesiredState.Stop);
        Assert.Equal(first[0].Task.TaskId, stopped.Task.TaskId);
        Assert.Equal("its node has zone=c, against node.labels.zone==a", (await TaskAsync(stopped.Task.TaskId)).Message);
    }

    [Fact]
    public async Task AGlobalService_HasATaskOnEachNodeThatMatches_AndFollowsThem()
    {
        await StartAsync("n1", "n2");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec { Constraints = ["node.labels.off!=1"] }) with { Mode = ServiceMode.Global }));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        Assert.Equal(["n1", "n2"], tasks.Select(task => task.Node).Order());
        await RunningAsync(tasks);
        Assert.Equal("web", (await Scheduler.EventAsync<RolloutCompleted>()).Service);

        await Scheduler.JoinAsync("n3");
        var third = await NextAsync(DesiredState.Run);
        Assert.Equal(("n3", 3), (third.Node, third.Task.Spec!.Slot));
        await RunningAsync(third);

        await UpdateAsync("c2", "n2", node => node with { SetLabels = new Dictionary<string, string> { ["off"] = "1" } });
        var stopped = await NextAsync(DesiredState.Stop);
        Assert.Equal("n2", stopped.Node);
        await Scheduler.SendAsync("n2", Scheduler.Report(stopped.Task, TaskState.Stopped));
        await UpdateAsync("c3", "n2", node => node with { RemoveLabels = ["off"] });
        var again = await NextAsync(DesiredState.Run);
        Assert.Equal(("n2", stopped.Task.TaskId == again.Task.TaskId), (again.Node, false));
        var refused = Assert.IsType<CommandRejected>(await Scheduler.AskAsync(new ScaleService { CommandId = "c4", App = "shop", Service = "web", Replicas = 5 }));
        Assert.Contains("a global service", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANoExecuteTaint_SendsTasksAway_ThoseThatTolerateItAfterTheirTime()
    {
        await StartAsync("n1");
        var patient = With(new PlacementSpec { Tolerations = [new TolerationSpec { Key = "fire", Seconds = 60 }] }, replicas: 1) with { Name = "patient" };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 1), patient));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        await RunningAsync(tasks);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");

        await UpdateAsync("c2", "n1", node => node with { SetTaints = [new NodeTaint { Key = "fire", Effect = TaintEffect.NoExecute }] });
        var gone = await NextAsync(DesiredState.Stop);
        Assert.Equal(tasks.Single(task => task.Task.Spec!.Service == "web").Task.TaskId, gone.Task.TaskId);
        Assert.Equal("its node has taint fire:NoExecute", (await TaskAsync(gone.Task.TaskId)).Message);
        var successor = await NextAsync(DesiredState.Run);
        Assert.Equal(("n2", "web"), (successor.Node, successor.Task.Spec!.Service));
        Assert.DoesNotContain(Told, told => told.Task.Desired == DesiredState.Stop);

        var patientService = (await Scheduler.Store<IServiceStore>().ListAsync("shop", CancellationToken.None)).Single(service => service.Name == "patient");
        await SchedulerHarness.UntilAsync(() => Scheduler.Store<IServiceStore>().FindAsync(patientService.Id, CancellationToken.None), service => service!.DueAt is not null);
        Scheduler.Time.Advance(TimeSpan.FromSeconds(61));
        var late = await NextAsync(DesiredState.Stop);
        Assert.Equal(tasks.Single(task => task.Task.Spec!.Service == "patient").Task.TaskId, late.Task.TaskId);
    }

    [Fact]
    public async Task ADrainedNode_LosesItsTasks_WhenTheirSuccessorsAreReady()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 1)));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await Scheduler.JoinAsync("n2");
        await UpdateAsync("c2", "n1", node => node with { Availability = NodeAvailability.Drain });
        var successor = await NextAsync(DesiredState.Run);
        Assert.Equal("n2", successor.Node);
        await RunningAsync(successor);
        Assert.Equal(task.Task.TaskId, (await NextAsync(DesiredState.Stop)).Task.TaskId);
    }

    [Fact]
    public async Task ADrainedNode_AtItsDeadline_LosesWhatFoundNoOtherPlace()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 1)));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await UpdateAsync("c2", "n1", node => node with { Availability = NodeAvailability.Drain, DrainDeadlineSeconds = 60 });
        await SchedulerHarness.UntilAsync(async () => (await AllTasksAsync()).Count, count => count == 2);
        Assert.Equal(DesiredState.Run, (await TaskAsync(task.Task.TaskId)).Desired);
        var stopped = await AdvanceUntilAsync(DesiredState.Stop, TimeSpan.FromSeconds(90));
        Assert.Equal(task.Task.TaskId, stopped.Task.TaskId);
        Assert.Equal("its node is being drained, and the deadline has passed", (await TaskAsync(task.Task.TaskId)).Message);
    }

    [Fact]
    public async Task AForcedDrain_StopsAtOnce_AndOneThatIsCalledOff_StopsNothing()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 1)));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await UpdateAsync("c2", "n1", node => node with { Availability = NodeAvailability.Drain });
        await SchedulerHarness.UntilAsync(async () => (await AllTasksAsync()).Count, count => count == 2);
        await UpdateAsync("c3", "n1", node => node with { Availability = NodeAvailability.Active });
        await SchedulerHarness.UntilAsync(async () => (await AllTasksAsync()).Count(other => other.Desired == DesiredState.Run && !other.State.IsFinal()), count => count == 1);
        Assert.Equal((DesiredState.Run, TaskState.Running), ((await TaskAsync(task.Task.TaskId)).Desired, (await TaskAsync(task.Task.TaskId)).State));
        await UpdateAsync("c4", "n1", node => node with { Availability = NodeAvailability.Drain, DrainDeadlineSeconds = 0 });

        // The one that waited may have been given the node just before, and is told too.
        while ((await NextAsync(DesiredState.Stop)).Task.TaskId != task.Task.TaskId)
        {
        }
    }

    [Fact]
    public async Task ANodeOnWhichSeveralServicesFail_GetsNoMoreForAWhile()
    {
        await StartAsync("n1", "n2");
        var onFirst = new PlacementSpec { Constraints = ["node.id==n1"] };
        var specs = new[] { "a", "b", "c" }.Select(name => With(onFirst, replicas: 2) with { Name = name, Restart = new RestartPolicy { Condition = RestartCondition.None } }).ToArray();
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", specs));
        for (var i = 0; i < 6; i++)
        {
            var task = await NextAsync(DesiredState.Run);
            await Scheduler.SendAsync("n1", Scheduler.Report(task.Task, TaskState.Failed));
        }

        var told = await Scheduler.EventAsync<NodeQuarantined>();
        Assert.Equal("n1", told.NodeId);
        await SchedulerHarness.UntilAsync(() => NodeAsync("n1"), node => node.QuarantinedUntil is not null);
        await Scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "shop", Service = "a", Replicas = 3 });
        Assert.Contains("n1 is in quarantine: too many containers failed to start on it", (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        await AdvanceUntilAsync(() => Told.Exists(told => told.Task.Desired == DesiredState.Run) || Scheduler.InstructionsNotTaken().Count > 0, TimeSpan.FromMinutes(11));
        Assert.Equal(("n1", 3), ((await NextAsync(DesiredState.Run)) is var next ? (next.Node, next.Task.Spec!.Slot) : default));
    }

    [Fact]
    public async Task ANodeShortOfMemory_GetsNoNewTasks_AndTheOneItNamesIsMoved()
    {
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 1)));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await Scheduler.JoinAsync(Scheduler.Joined("n1") with { Pressure = new NodePressure { Memory = true, Leaving = task.Task.TaskId } });
        Assert.Contains("n1 is short of memory", (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        Assert.Equal(DesiredState.Run, (await TaskAsync(task.Task.TaskId)).Desired);
        await Scheduler.JoinAsync("n2");
        var successor = await NextAsync(DesiredState.Run);
        Assert.Equal("n2", successor.Node);
        await RunningAsync(successor);
        Assert.Equal(task.Task.TaskId, (await NextAsync(DesiredState.Stop)).Task.TaskId);
    }

    [Fact]
    public async Task AMoreImportantTask_HasOthersStopped_GetsTheirRoomWhenTheyAreGone_AndNeverThatOfTheProtected()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 2);
        var low = With(new PlacementSpec(), replicas: 1, cpus: 1) with { Name = "low", Priority = 10 };
        var safe = With(new PlacementSpec(), replicas: 1, cpus: 1) with { Name = "safe", Priority = 5, Preemption = PreemptionMode.Never };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", low, safe));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        await RunningAsync(tasks);

        var high = With(new PlacementSpec(), replicas: 1, cpus: 1) with { Name = "high", Priority = 90, Preemption = PreemptionMode.Lower };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c2", low, safe, high));
        var stopped = await NextAsync(DesiredState.Stop);
        Assert.Equal(tasks.Single(task => task.Task.Spec!.Service == "low").Task.TaskId, stopped.Task.TaskId);
        Assert.DoesNotContain(Told, told => told.Task.Desired == DesiredState.Run);
        Assert.Equal(2, await ReservedAsync("n1"));

        await Scheduler.SendAsync("n1", Scheduler.Report(stopped.Task, TaskState.Stopped));
        var started = await NextAsync(DesiredState.Run);
        Assert.Equal("high", started.Task.Spec!.Service);
        Assert.Equal(2, await ReservedAsync("n1"));
        await RunningAsync(started);
        var (taskOfHigh, reserved) = (await TaskAsync(started.Task.TaskId), (await NodeAsync("n1")).Reservations);
        Assert.Contains(stopped.Task.TaskId, taskOfHigh.Explanation!.Note, StringComparison.Ordinal);
        Assert.Equal(new[] { started.Task.TaskId, tasks.Single(task => task.Task.Spec!.Service == "safe").Task.TaskId }.Order(), reserved.Keys.Order());
        Assert.Contains(await AllTasksAsync(), task => task is { Service: "low", State: TaskState.Pending });
    }

    [Fact]
    public async Task WhoLeavesForATaskThatIsNotWantedAnyMore_GivesItsRoomBack()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 1);
        var low = With(new PlacementSpec(), replicas: 1, cpus: 1) with { Name = "low", Priority = 10 };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", low));
        var task = await NextAsync(DesiredState.Run);
        await RunningAsync(task);
        await Scheduler.AskAsync(new DeployApp { CommandId = "c2", App = "other", Spec = new ApplicationSpec { Services = [With(new PlacementSpec(), replicas: 1, cpus: 1) with { Name = "high", Priority = 90, Preemption = PreemptionMode.Lower }] } });
        var stopped = await NextAsync(DesiredState.Stop);
        await Scheduler.AskAsync(new RemoveApp { CommandId = "c3", App = "other" });
        await Scheduler.EventAsync<AppRemoved>();
        await Scheduler.SendAsync("n1", Scheduler.Report(stopped.Task, TaskState.Stopped));
        var again = await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromMinutes(3));
        Assert.Equal("low", again.Task.Spec!.Service);
    }

    [Fact]
    public async Task GenericResources_HostPorts_Affinities_AndSystemReserve_Decide()
    {
        await StartAsync();
        var big = Scheduler.Joined("n1", cpus: 4);
        await Scheduler.JoinAsync(big with { Capacity = big.Capacity with { Generic = new Dictionary<string, long> { ["gpu"] = 1 }, SystemCpus = 3, OvercommitCpus = 2 } });
        await Scheduler.JoinAsync("n2");
        var gpu = With(new PlacementSpec(), replicas: 2) with { Name = "gpu", Resources = new ResourceSpec { Generic = new Dictionary<string, long> { ["gpu"] = 1 } } };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", gpu));
        Assert.Equal("n1", (await NextAsync(DesiredState.Run)).Node);
        Assert.Equal(["n1 lacks 1 gpu", "n2 lacks 1 gpu"], (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons.Select(reason => reason.Split(" (")[0]));

        var lonely = With(new PlacementSpec { ServiceAffinities = [new ServiceAffinitySpec { Service = "loud", Weight = -1, Hard = true }] }, replicas: 1) with { Name = "lonely" };
        var loud = With(new PlacementSpec { Constraints = ["node.id==n2"] }, replicas: 1) with { Name = "loud", DependsOn = [new Dependency { Service = "lonely", Condition = DependencyCondition.ServiceStarted }] };
        await Scheduler.AskAsync(new DeployApp { CommandId = "c2", App = "other", Spec = new ApplicationSpec { Services = [lonely with { Placement = lonely.Placement! with { Constraints = ["node.id==n2"] } }, loud] } });
        await RunningAsync(await NextAsync(DesiredState.Run));
        var kept = await Scheduler.EventAsync<TaskUnschedulable>(told => told.Service == "loud");
        Assert.Contains(kept.Reasons, reason => reason.StartsWith("n2 has lonely", StringComparison.Ordinal) || reason.Contains("lonely", StringComparison.Ordinal));

        await Scheduler.AskAsync(new DeployApp { CommandId = "c3", App = "much", Spec = new ApplicationSpec { Services = [With(new PlacementSpec { Constraints = ["node.id==n1"] }, replicas: 3, cpus: 0.9) with { Name = "cpu" }] } });
        Assert.Equal(["n1", "n1"], [(await NextAsync(DesiredState.Run)).Node, (await NextAsync(DesiredState.Run)).Node]);
        Assert.Contains("n1", (await Scheduler.EventAsync<TaskUnschedulable>(told => told.Service == "cpu")).Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllDevicesOfANode_AreOneTasks_AsManyAsItHas()
    {
        await StartAsync();
        var node = Scheduler.Joined("n1");
        await Scheduler.JoinAsync(node with { Capacity = node.Capacity with { Generic = new Dictionary<string, long> { ["gpu"] = 3 } } });
        await Scheduler.JoinAsync("n2");
        var all = With(new PlacementSpec(), replicas: 2) with { Resources = new ResourceSpec { Devices = [new DeviceSpec { Count = DeviceSpec.AllThereAre }] } };
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", all));
        var task = await NextAsync(DesiredState.Run);
        Assert.Equal(("n1", -1), (task.Node, task.Task.Spec!.Resources.Devices[0].Count));
        Assert.Equal(["n1 has 3 of its 3 gpu in use, and all are wanted", "n2 has no gpu"], (await Scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        Assert.Equal(3, Assert.Single((await NodeAsync("n1")).Reservations).Value.Generic!["gpu"]);

        var second = Scheduler.Joined("n2");
        await Scheduler.JoinAsync(second with { Capacity = second.Capacity with { Generic = new Dictionary<string, long> { ["gpu"] = 1 } } });
        Assert.Equal("n2", (await NextAsync(DesiredState.Run)).Node);
        Assert.Equal(1, Assert.Single((await NodeAsync("n2")).Reservations).Value.Generic!["gpu"]);
    }

    [Fact]
    public async Task EachTask_KeepsWhyItIsWhereItIs_AndAServiceWhyItWaits()
    {
        await StartAsync("n1", "n2");
        await UpdateAsync("c0", "n2", node => node with { Availability = NodeAvailability.Pause });
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 2, cpus: 3)));
        var placed = await NextAsync(DesiredState.Run);
        await Scheduler.EventAsync<TaskUnschedulable>();
        var why = (await TaskAsync(placed.Task.TaskId)).Explanation!;
        Assert.Equal((2, "n1", "n2 is paused"), (why.NodesLookedAt, why.Best[0].Node, string.Join(';', why.Refusals.Select(refusal => $"{refusal.Node} {string.Join(',', refusal.Reasons)}"))));
        var service = Assert.Single(await SchedulerHarness.UntilAsync(() => Scheduler.Store<IServiceStore>().ListUnschedulableAsync(CancellationToken.None), list => list.Count == 1));
        Assert.Equal(["n1", "n2"], service.Waiting!.Refusals.Select(refusal => refusal.Node));
        Assert.NotEmpty(service.Waiting.Changes);
    }

    [Fact]
    public async Task UnevenNodes_AreLevelled_WhereThatIsSwitchedOn_WithinTheBudget()
    {
        Scheduler.Configure = options =>
        {
            options.Rebalance = true;
            options.RebalanceMovesPerHour = 1;
            options.RebalanceInterval = TimeSpan.FromSeconds(5);
        };
        await StartAsync("n1");
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 3, cpus: 1)));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        await RunningAsync(tasks);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2");
        var moved = await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromSeconds(30));
        Assert.Equal("n2", moved.Node);
        await RunningAsync(moved);
        var stopped = await NextAsync(DesiredState.Stop);
        Assert.StartsWith("moved to level the nodes: n1 is reserved to 75", (await TaskAsync(stopped.Task.TaskId)).Message, StringComparison.Ordinal);
        await Scheduler.SendAsync("n1", Scheduler.Report(stopped.Task, TaskState.Stopped));
        Scheduler.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, (await AllTasksAsync()).Count(task => task.Move is not null));
    }

    [Fact]
    public async Task TasksThatMoveToOneNodeAtOnce_TakeOnlyTheRoomThatItHas()
    {
        await StartAsync();
        await Scheduler.JoinAsync("n1", cpus: 8);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", With(new PlacementSpec(), replicas: 8, cpus: 1)));
        var tasks = new List<(string Node, NodeTask Task)>();
        while (tasks.Count < 8)
        {
            tasks.Add(await NextAsync(DesiredState.Run));
        }

        await RunningAsync([.. tasks]);
        await Scheduler.EventAsync<RolloutCompleted>();
        await Scheduler.JoinAsync("n2", cpus: 1);
        var moves = (await AllTasksAsync()).Take(2).Select(task => task with { Move = new TaskMove("n2", Scheduler.Time.GetUtcNow(), "a test"), DirtySince = Scheduler.Time.GetUtcNow() }).ToList();
        await Scheduler.Store<ITaskStore>().ReplaceManyAsync(moves, CancellationToken.None);
        var moved = await AdvanceUntilAsync(DesiredState.Run, TimeSpan.FromSeconds(30));
        Assert.Equal("n2", moved.Node);
        await RunningAsync(moved);
        await NextAsync(DesiredState.Stop);
        Assert.Single((await Scheduler.Store<INodeStore>().FindAsync("n2", CancellationToken.None))!.Reservations);
        Assert.Single(await AllTasksAsync(), task => task.NodeId == "n2");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APreference_SpreadsTasks_OverTheNodesThatMayHaveThem(bool hard)
    {
        await StartAsync();
        await Scheduler.JoinAsync(Scheduler.Joined("n1", labels: ("zone", "a")));
        await Scheduler.JoinAsync(Scheduler.Joined("n2", labels: ("zone", "b")));
        await Scheduler.JoinAsync(Scheduler.Joined("n3", labels: ("zone", "b")) with { Pool = "big" });
        var spread = With(new PlacementSpec { Preferences = [new PreferenceSpec { Attribute = "node.labels.zone", Hard = hard }] }, replicas: 2);
        await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", spread));
        var tasks = new[] { await NextAsync(DesiredState.Run), await NextAsync(DesiredState.Run) };
        Assert.Equal(["n1", "n2"], tasks.Select(task => task.Node).Order());
        await RunningAsync(tasks);
        await Scheduler.EventAsync<RolloutCompleted>();
    }

    [Fact]
    public async Task WhatCannotBeMeant_IsRefused_WithAllErrors()
    {
        await StartAsync();
        var bad = With(new PlacementSpec
        {
            Constraints = ["zone", "node.labels.a ~= (?=x)"],
            Affinities = [new AffinitySpec { Constraint = "node.role==worker", Weight = 300 }],
            ServiceAffinities = [new ServiceAffinitySpec { Service = "nobody" }],
        }) with { Priority = -4 };
        var rejected = Assert.IsType<CommandRejected>(await Scheduler.AskAsync(SchedulerHarness.Deploy("c1", bad)));
        Assert.Equal(
            ["priority", "placement.constraints[0]", "placement.constraints[1]", "placement.affinities[0]", "placement.serviceAffinities[0]"],
            rejected.Errors.Select(error => error.Split(": ")[0]["spec.services[0].".Length..]));
        var node = Assert.IsType<CommandRejected>(await Scheduler.AskAsync(new UpdateNode { CommandId = "c2", NodeId = "n9", SetLabels = new Dictionary<string, string> { ["a b"] = "1" } }));
        Assert.Equal(2, node.Errors.Count);
    }
}
