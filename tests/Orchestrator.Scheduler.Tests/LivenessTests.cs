using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class LivenessTests : IAsyncLifetime
{
    private const string First = SchedulerHarness.Node;
    private const string Second = "n2";
    private readonly SchedulerHarness _scheduler = new();
    private NodeTask _task = null!;

    private ITaskStore Tasks => _scheduler.Store<ITaskStore>();

    public async ValueTask InitializeAsync()
    {
        await _scheduler.InitializeAsync();
        await _scheduler.JoinAsync();
        _task = (await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1, cpus: 1)))[0];
    }

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task ALostNodesTask_IsReplacedInItsSlot_OnAnotherNode_AndKeepsItsReservation()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        var told = await _scheduler.InstructionAsync(message => message.NodeId == Second);
        var next = Assert.Single(told.Tasks);
        Assert.Equal((1, DesiredState.Run), (next.Spec!.Slot, next.Desired));
        var lost = (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!;
        Assert.Equal((true, TaskState.Running, false, false), (lost.NodeLost, lost.State, lost.Ready, lost.Routed));
        Assert.Equal(2, (await Tasks.FindAsync(next.TaskId, CancellationToken.None))!.Attempt);
        Assert.Equal([_task.TaskId], (await NodeAsync(First)).Reservations.Keys);
        Assert.Equal([next.TaskId], (await NodeAsync(Second)).Reservations.Keys);
        await _scheduler.EventAsync<NodesChanged>(changed => changed.Nodes[0] is { NodeId: First, Liveness: NodeLiveness.Lost });
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks.Any(change => change.TaskId == _task.TaskId && change.NodeLost));
    }

    [Fact]
    public async Task TheSameVerdictAgain_ReplacesNothingTwice()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        var next = await ReplacedAsync();
        for (var i = 0; i < 5; i++)
        {
            await _scheduler.TellAsync(First, NodeLiveness.Lost);
        }

        await _scheduler.SendAsync(Second, _scheduler.Report(next, TaskState.Running));
        await FlushAsync(next);
        Assert.Equal(2, (await Tasks.ListAsync("shop", "web", CancellationToken.None)).Count);
    }

    [Fact]
    public async Task AVerdictThatNeverCame_IsFoundByTheSweep()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost, tell: false);
        Assert.Equal(1, (await AdvanceUntilAsync(message => message.NodeId == Second)).Tasks.Single().Spec!.Slot);
    }

    [Fact]
    public async Task AServiceThatWaits_IsReplacedLater_AndItsTaskServesNobodyMeanwhile()
    {
        await _scheduler.JoinAsync(Second);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new DeployApp
        {
            CommandId = "c2", App = "shop",
            Spec = new ApplicationSpec { Services = [SchedulerHarness.Web(replicas: 1, cpus: 1) with { Disconnect = new DisconnectSpec { LostAfterSeconds = 20 } }] },
        }));
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        var waiting = await StoredAsync(_task.TaskId, task => !task.Ready);
        Assert.Equal((false, DesiredState.Run), (waiting.NodeLost, waiting.Desired));
        await FlushAsync(_task);
        Assert.Empty(_scheduler.InstructionsNotTaken());
        _scheduler.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, (await AdvanceUntilAsync(message => message.NodeId == Second)).Tasks.Single().Spec!.Slot);
        Assert.True((await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.NodeLost);
    }

    [Fact]
    public async Task AServiceThatWaitsForEver_KeepsItsTaskOnItsNode_WhileOthersAreReplaced_AndHasItAgain()
    {
        var patient = SchedulerHarness.Web(name: "db", replicas: 1, cpus: 1) with { Disconnect = new DisconnectSpec { NeverLost = true } };
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(SchedulerHarness.Deploy("c2", SchedulerHarness.Web(replicas: 1, cpus: 1), patient)));
        var db = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.Spec?.Service == "db"))).Tasks.Single();
        await _scheduler.ReportAsync(TaskState.Running, db);
        await _scheduler.EventAsync<RolloutCompleted>(completed => completed.Service == "db");
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        var next = await ReplacedAsync();
        Assert.Equal("web", next.Spec!.Service);
        await _scheduler.SendAsync(Second, _scheduler.Report(next, TaskState.Running));
        await StoredAsync(db.TaskId, task => !task.Ready);

        // Even when its node is forgotten, and other tasks there are given up.
        _scheduler.Time.Advance(TimeSpan.FromHours(1));
        await _scheduler.FindAsync(First, NodeLiveness.Down);
        await StoredAsync(_task.TaskId, task => task.State == TaskState.Lost);
        var waiting = Assert.Single(await Tasks.ListAsync("shop", "db", CancellationToken.None));
        Assert.Equal((db.TaskId, First, TaskState.Running, DesiredState.Run, false), (waiting.Id, waiting.NodeId, waiting.State, waiting.Desired, waiting.NodeLost));
        await SchedulerHarness.UntilAsync(() => NodeAsync(First), node => node.Reservations.Keys.SequenceEqual([db.TaskId]));

        await _scheduler.FindAsync(First, NodeLiveness.Ready);
        await _scheduler.ReportAsync(TaskState.Running, _task, db);
        var stop = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.Desired == DesiredState.Stop))).Tasks.Single(task => task.Desired == DesiredState.Stop);
        Assert.Equal(_task.TaskId, stop.TaskId);
        var again = await StoredAsync(db.TaskId, task => task.Ready);
        Assert.Equal((1, true, DesiredState.Run), (again.Attempt, again.Routed, again.Desired));
        Assert.Single(await Tasks.ListAsync("shop", "db", CancellationToken.None));
    }

    [Fact]
    public async Task AnOutdatedVerdict_DoesNothing()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Ready, epoch: 2);
        await _scheduler.TellAsync(First, NodeLiveness.Lost, epoch: 1);
        await _scheduler.TellAsync(Second, NodeLiveness.Lost, epoch: 1);
        await FlushAsync(_task);
        Assert.Equal(NodeLiveness.Ready, (await NodeAsync(First)).Liveness);
        Assert.False((await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.NodeLost);
        Assert.Empty(_scheduler.InstructionsNotTaken());
    }

    [Fact]
    public async Task AnUnreachableNode_GetsNoNewTasks_AndIsNamed_UntilItRecovers()
    {
        await _scheduler.FindAsync(First, NodeLiveness.Unreachable);
        await _scheduler.EventAsync<NodesChanged>(changed => changed.Nodes[0].Liveness == NodeLiveness.Unreachable);
        await _scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "shop", Service = "web", Replicas = 2 });
        Assert.Equal(["n1 is unreachable"], (await _scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        Assert.False((await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.NodeLost);

        await _scheduler.FindAsync(First, NodeLiveness.Ready);
        Assert.Equal(2, (await _scheduler.InstructionAsync()).Tasks.Single().Spec!.Slot);
    }

    [Fact]
    public async Task ASuspectNode_IsTreatedAsBefore()
    {
        await _scheduler.FindAsync(First, NodeLiveness.Suspect);
        await _scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "shop", Service = "web", Replicas = 2 });
        Assert.Equal(2, (await _scheduler.InstructionAsync()).Tasks.Single().Spec!.Slot);
    }

    [Fact]
    public async Task ANodeThatReturns_IsToldToStopWhatIsReplaced_AndGivesItsRoomBackAtTheEnd()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        var next = await ReplacedAsync();
        await _scheduler.SendAsync(Second, _scheduler.Report(next, TaskState.Running));
        await StoredAsync(next.TaskId, task => task.Ready);

        await _scheduler.FindAsync(First, NodeLiveness.Ready);
        var asked = (await _scheduler.InstructionAsync(message => message.NodeId == First)).Tasks.Single();
        Assert.Equal((_task.TaskId, DesiredState.Run, false), (asked.TaskId, asked.Desired, asked.Routed));
        await _scheduler.ReportAsync(TaskState.Running, asked);
        var stop = (await _scheduler.InstructionAsync(message => message.NodeId == First)).Tasks.Single();
        Assert.Equal((_task.TaskId, DesiredState.Stop), (stop.TaskId, stop.Desired));
        Assert.Single((await NodeAsync(First)).Reservations);

        await _scheduler.ReportAsync(TaskState.Stopped, stop);
        await SchedulerHarness.UntilAsync(() => NodeAsync(First), node => node.Reservations.Count == 0);
        Assert.Equal(DesiredState.Run, (await Tasks.FindAsync(next.TaskId, CancellationToken.None))!.Desired);
    }

    [Fact]
    public async Task ANodeThatReturns_KeepsItsTask_WhenNoOtherHadRoom()
    {
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        Assert.Equal(["n1 is lost"], (await _scheduler.EventAsync<TaskUnschedulable>()).Reasons);
        await _scheduler.FindAsync(First, NodeLiveness.Ready);
        var told = await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.TaskId == _task.TaskId));
        var asked = told.Tasks.Single(task => task.TaskId == _task.TaskId);
        await _scheduler.ReportAsync(TaskState.Running, asked);
        var kept = await StoredAsync(_task.TaskId, task => !task.NodeLost);
        Assert.Equal((DesiredState.Run, true, true), (kept.Desired, kept.Routed, kept.Ready));
        var other = (await Tasks.ListAsync("shop", "web", CancellationToken.None)).Single(task => task.Id != _task.TaskId);
        Assert.Equal(DesiredState.Stop, (await StoredAsync(other.Id, task => task.Desired == DesiredState.Stop)).Desired);
    }

    [Fact]
    public async Task AReportFromBeforeTheLoss_BringsNothingBack()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        await ReplacedAsync();
        await _scheduler.ReportAsync(TaskState.Running, _task);
        await FlushAsync(_task);
        var task = (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!;
        Assert.Equal((true, false, DesiredState.Run), (task.NodeLost, task.NodeReturned, task.Desired));
    }

    [Fact]
    public async Task ANodeThatStaysAway_LosesItsTasksForGood_AndIsToldToStopThemShouldItReturn()
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        await ReplacedAsync();
        await _scheduler.FindAsync(First, NodeLiveness.Down);
        await StoredAsync(_task.TaskId, task => task.State == TaskState.Lost);
        await SchedulerHarness.UntilAsync(() => NodeAsync(First), node => node.Reservations.Count == 0);

        await _scheduler.FindAsync(First, NodeLiveness.Ready);
        await _scheduler.ReportAsync(TaskState.Running, _task);
        var stop = (await _scheduler.InstructionAsync(message => message.NodeId == First)).Tasks.Single();
        Assert.Equal((_task.TaskId, DesiredState.Stop), (stop.TaskId, stop.Desired));
        Assert.Equal(TaskState.Lost, (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.State);
    }

    /// <summary>Its machine was off: what ran there has ended, and nobody has told it to stop.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ALostNodeThatReturnsWithAnEndedTask_HearsThatNothingFollows_WhenTheTaskIsForgotten(bool removed)
    {
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Lost);
        var next = await ReplacedAsync();
        await _scheduler.SendAsync(Second, _scheduler.Report(next, TaskState.Running));
        await _scheduler.FindAsync(First, NodeLiveness.Ready);
        await _scheduler.ReportAsync(TaskState.Failed, _task);
        await StoredAsync(_task.TaskId, task => task.State == TaskState.Failed);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(
            removed ? new RemoveApp { CommandId = "c2", App = "shop" } : new ScaleService { CommandId = "c2", App = "shop", Service = "web", Replicas = 0 }));
        var stop = Assert.Single((await _scheduler.InstructionAsync(message => message.NodeId == Second)).Tasks);
        await _scheduler.SendAsync(Second, _scheduler.Report(stop, TaskState.Stopped));
        var told = Assert.Single((await _scheduler.InstructionAsync(message => message.NodeId == First && message.Tasks.Any(task => task.Desired == DesiredState.Stop))).Tasks);
        Assert.Equal(_task.TaskId, told.TaskId);
        Assert.True(told.Version > _task.Version);
    }

    private async Task<NodeTask> ReplacedAsync() => (await _scheduler.InstructionAsync(message => message.NodeId == Second)).Tasks.Single();

    private async Task<NodeDocument> NodeAsync(string nodeId) => (await _scheduler.Store<INodeStore>().FindAsync(nodeId, CancellationToken.None))!;

    private async Task<TaskDocument> StoredAsync(string taskId, Func<TaskDocument, bool> good) =>
        (await SchedulerHarness.UntilAsync(() => Tasks.FindAsync(taskId, CancellationToken.None), task => good(task!)))!;

    private async Task<UpdateNodeTasks> AdvanceUntilAsync(Func<UpdateNodeTasks, bool> where) =>
        (await SchedulerHarness.UntilAsync(
            () =>
            {
                _scheduler.Time.Advance(TimeSpan.FromMilliseconds(250));
                return Task.FromResult(_scheduler.InstructionsNotTaken().FirstOrDefault(where));
            },
            found => found is not null))!;

    /// <summary>What was sent before has been taken when its successors are answered.</summary>
    private async Task FlushAsync(NodeTask like)
    {
        for (var i = 0; i < 2; i++)
        {
            var ghost = $"flush-{Guid.NewGuid():N}";
            var identity = new ContainerIdentity { App = "flush", Service = ghost, Slot = 1, Revision = 1, Name = ghost };
            await _scheduler.SendAsync(First, _scheduler.Report(like with { TaskId = ghost, Version = 0 }, TaskState.Running) with { Unknown = identity });
            await _scheduler.EventAsync<ContainersUnknown>(unknown => unknown.Containers[0].Service == ghost);
        }
    }
}
