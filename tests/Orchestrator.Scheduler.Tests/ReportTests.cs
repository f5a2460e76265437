using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class ReportTests : IAsyncLifetime
{
    private readonly SchedulerHarness _scheduler = new();
    private NodeTask _task = null!;

    private ITaskStore Tasks => _scheduler.Store<ITaskStore>();

    public async ValueTask InitializeAsync()
    {
        await _scheduler.InitializeAsync();
        await _scheduler.JoinAsync();
        await _scheduler.AskAsync(SchedulerHarness.Deploy("c1", SchedulerHarness.Web(replicas: 1)));
        _task = (await _scheduler.InstructionAsync()).Tasks.Single();
    }

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task AReport_IsStored_AndTold()
    {
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Running) with { ContainerId = "c", EngineSeconds = 0.1, Health = HealthState.Healthy });
        var change = (await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Running)).Tasks.Single();
        Assert.Equal((_task.TaskId, true, HealthState.Healthy), (change.TaskId, change.Ready, change.Health));
        var stored = (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!;
        Assert.Equal(("c", 0.1, null), (stored.ContainerId, stored.EngineSeconds!.Value, stored.InstructDueAt));
    }

    [Fact]
    public async Task AnEnd_IsAnswered()
    {
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Failed));
        Assert.Equal([_task.TaskId], (await _scheduler.InstructionAsync<EndsTaken>(taken => taken.NodeId == SchedulerHarness.Node)).TaskIds);
    }

    [Fact]
    public async Task WhatANodeStartedByItself_TakesTheSlot_AndWhatWasSetAside()
    {
        await _scheduler.ReportAsync(TaskState.Running, _task);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Running);
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Failed), Successor("s1", _task.TaskId, TaskState.Failed), Successor("s2", "s1", TaskState.Running));
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks.Any(change => change.TaskId == "s2" && change is { State: TaskState.Running, Slot: 1 }));
        var told = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.TaskId == "s2"))).Tasks.Single(task => task.TaskId == "s2");
        Assert.Equal((DesiredState.Run, 1L), (told.Desired, told.Version));
        await FlushAsync();
        var all = await Tasks.ListAsync("shop", "web", CancellationToken.None);
        Assert.Equal([(1, TaskState.Failed), (2, TaskState.Failed), (3, TaskState.Running)], all.OrderBy(task => task.Attempt).Select(task => (task.Attempt, task.State)));
        Assert.Equal(["s2"], (await _scheduler.Store<INodeStore>().FindAsync(SchedulerHarness.Node, CancellationToken.None))!.Reservations.Keys);
    }

    [Fact]
    public async Task WhatANodeStartedByItself_AndIsReadyFirst_KeepsTheSlotAgainstAReplacement()
    {
        await _scheduler.ReportAsync(TaskState.Failed, _task);
        var replacement = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.TaskId != _task.TaskId))).Tasks.Single();
        await _scheduler.SendAsync(SchedulerHarness.Node, Successor("s1", _task.TaskId, TaskState.Running));
        var stopped = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.Desired == DesiredState.Stop))).Tasks.Single(task => task.Desired == DesiredState.Stop);
        Assert.Equal(replacement.TaskId, stopped.TaskId);
    }

    [Fact]
    public async Task WhatFollowsATaskOfARemovedService_IsNotAdopted()
    {
        await _scheduler.ReportAsync(TaskState.Running, _task);
        await _scheduler.AskAsync(new RemoveApp { CommandId = "c2", App = "shop" });
        await _scheduler.SendAsync(SchedulerHarness.Node, Successor("s1", _task.TaskId, TaskState.Running));
        await _scheduler.EventAsync<ContainersUnknown>();
        Assert.Null(await Tasks.FindAsync("s1", CancellationToken.None));
    }

    private TaskReport Successor(string id, string ended, TaskState state) => _scheduler.Report(new NodeTask { TaskId = id, Version = 0, Desired = DesiredState.Run }, state) with
    {
        Replaces = ended,
        Unknown = new ContainerIdentity { App = "shop", Service = "web", Slot = 1, Revision = 1, Name = id, Replaces = ended },
    };

    [Fact]
    public async Task WhatIsNoLongerTold_IsNoLongerStored()
    {
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Running) with { Ready = false, Message = "its health check fails" });
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].Message == "its health check fails");
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Running));
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0] is { Ready: true, Message: null });
    }

    [Fact]
    public async Task Reports_OutOfOrder_NeverGoBack()
    {
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Running, seq: 7));
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Running);
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Starting, seq: 6), _scheduler.Report(_task, TaskState.Starting, seq: 5));
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Starting, seq: 99, epoch: 0));
        await FlushAsync();
        Assert.Equal(TaskState.Running, (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task WithinOneMessage_TheNewestCounts()
    {
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Running, seq: 9), _scheduler.Report(_task, TaskState.Starting, seq: 8));
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Running);
    }

    [Fact]
    public async Task TheSameReportTwice_IsToldOnce()
    {
        var report = _scheduler.Report(_task, TaskState.Running);
        await _scheduler.SendAsync(SchedulerHarness.Node, report);
        await _scheduler.SendAsync(SchedulerHarness.Node, report);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Running);
        await FlushAsync();
        Assert.DoesNotContain(_scheduler.EventsNotTaken<TasksChanged>(), changed => changed.Tasks.Any(change => change.TaskId == _task.TaskId && change.State == TaskState.Running));
    }

    [Fact]
    public async Task AnEnd_IsFinal()
    {
        await _scheduler.ReportAsync(TaskState.Completed, _task);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Completed);
        await _scheduler.ReportAsync(TaskState.Running, _task);
        await FlushAsync();
        Assert.Equal(TaskState.Completed, (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task TheCauseOfAnEnd_IsTaken_AfterTheEndItself()
    {
        await _scheduler.ReportAsync(TaskState.Failed, _task);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Failed);
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task, TaskState.Failed) with { OutOfMemory = true, Message = "out of memory" });
        await FlushAsync();
        var stored = (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!;
        Assert.Equal((TaskState.Failed, true, "out of memory"), (stored.State, stored.OutOfMemory, stored.Message));
    }

    [Fact]
    public async Task AReport_OfAnotherNode_IsNotBelieved()
    {
        await _scheduler.SendAsync("n2", _scheduler.Report(_task, TaskState.Failed));
        await FlushAsync();
        Assert.NotEqual(TaskState.Failed, (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task AContainerNobodyKnows_IsTold_AndNotStopped()
    {
        var identity = new ContainerIdentity { App = "shop", Service = "ghost", Slot = 1, Revision = 1, Name = "shop_ghost.1" };
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task with { TaskId = "ghost", Version = 0 }, TaskState.Running) with { Unknown = identity });
        Assert.Equal("ghost", (await _scheduler.EventAsync<ContainersUnknown>()).Containers.Single().Service);
        await FlushAsync();
        Assert.DoesNotContain(_scheduler.InstructionsNotTaken(), message => message.Tasks.Any(task => task.TaskId == "ghost"));
    }

    [Fact]
    public async Task AContainerOfAFinishedTask_IsToldToStop()
    {
        await _scheduler.ReportAsync(TaskState.Failed, _task);
        await _scheduler.EventAsync<TasksChanged>(changed => changed.Tasks[0].State == TaskState.Failed);
        var identity = new ContainerIdentity { App = "shop", Service = "web", Slot = 1, Revision = 1, Name = "shop_web.1" };
        await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task with { Version = 0 }, TaskState.Running) with { Unknown = identity });
        var told = await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.TaskId == _task.TaskId && task.Desired == DesiredState.Stop));
        Assert.True(told.Tasks.Single().Version > _task.Version);
    }

    [Fact]
    public async Task ANodeThatAsks_GetsTheFullSet()
    {
        await _scheduler.Bus.Publish(new NodeSync { NodeId = SchedulerHarness.Node, AgentEpoch = 2, OccurredAt = _scheduler.Time.GetUtcNow() });
        var full = await _scheduler.InstructionAsync(message => message.AsOf is not null);
        Assert.Equal([_task.TaskId], full.Tasks.Select(task => task.TaskId));
        Assert.NotNull(full.Tasks[0].Spec);
    }

    [Fact]
    public async Task AnOlderJoin_ChangesNothing()
    {
        var nodes = _scheduler.Store<INodeStore>();
        var before = (await nodes.FindAsync(SchedulerHarness.Node, CancellationToken.None))!;
        await _scheduler.Bus.Publish(new NodeJoined
        {
            NodeId = SchedulerHarness.Node, ClusterId = "test-cluster", AgentEpoch = 0, Name = "old", Capacity = before.Capacity with { Cpus = 99 }, Platform = before.Platform, Engine = before.Engine, OccurredAt = before.JoinedAt,
        });
        await FlushAsync();
        Assert.Equal(4, (await nodes.FindAsync(SchedulerHarness.Node, CancellationToken.None))!.Capacity.Cpus);
    }

    /// <summary>What was sent before has been taken when its successors are answered.</summary>
    private async Task FlushAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var ghost = $"flush-{Guid.NewGuid():N}";
            var identity = new ContainerIdentity { App = "flush", Service = ghost, Slot = 1, Revision = 1, Name = ghost };
            await _scheduler.SendAsync(SchedulerHarness.Node, _scheduler.Report(_task with { TaskId = ghost, Version = 0 }, TaskState.Running) with { Unknown = identity });
            await _scheduler.EventAsync<ContainersUnknown>(unknown => unknown.Containers[0].Service == ghost);
        }
    }
}
