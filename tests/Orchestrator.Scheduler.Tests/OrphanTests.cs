using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

/// <summary>A node tells of containers that the state does not know, as after a restart on an older one.</summary>
public sealed class OrphanTests : IAsyncLifetime
{
    private const string Node = SchedulerHarness.Node;
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
    public async Task ALaterAttemptThanTheStateKnows_IsTakenOver_AndIsTheOnlyOneWanted()
    {
        var later = TaskIds.Derive(_task.Spec!.ServiceId, 1, 1, 4);
        await _scheduler.SendAsync(Node, _scheduler.Report(_task, TaskState.Failed), Stranger(later));
        var told = await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.TaskId == later));
        Assert.Equal(DesiredState.Run, told.Tasks.Single(task => task.TaskId == later).Desired);
        await SchedulerHarness.UntilAsync(() => Tasks.FindAsync(later, CancellationToken.None), task => task is { Ready: true, Attempt: 4 });

        // A look at the service between the end and the taking over may have begun an attempt of its own: it is taken back.
        await SchedulerHarness.UntilAsync(
            () => Tasks.ListAsync("shop", "web", CancellationToken.None), tasks => tasks.Where(task => task.Desired == DesiredState.Run && !task.State.IsFinal()).Select(task => task.Id).SequenceEqual([later]));
        Assert.Contains(later, (await NodeAsync()).Reservations.Keys);
        Assert.DoesNotContain(_task.TaskId, (await NodeAsync()).Reservations.Keys);
        Assert.Empty((await NodeAsync()).Orphans);
    }

    [Fact]
    public async Task WhatDoesNotFit_IsKept_RunsOn_AndIsStoppedWhenPeopleSaySo()
    {
        var second = TaskIds.Derive(_task.Spec!.ServiceId, 2, 1, 1);
        await _scheduler.SendAsync(Node, Stranger(second, slot: 2));
        Assert.Equal("web", Assert.Single((await _scheduler.EventAsync<ContainersUnknown>()).Containers).Service);
        var orphan = Assert.Single((await NodeAsync()).Orphans);
        Assert.Equal((second, "shop/web has 1 replicas, and this is slot 2"), (orphan.TaskId, orphan.Reason));
        Assert.Empty(_scheduler.InstructionsNotTaken());

        Assert.IsType<CommandRejected>(await _scheduler.AskAsync(new UpdateNode { CommandId = "c2", NodeId = Node, StopOrphans = ["another"] }));
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new UpdateNode { CommandId = "c3", NodeId = Node, StopOrphans = [second] }));
        var stop = Assert.Single((await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task.TaskId == second))).Tasks);
        Assert.Equal(DesiredState.Stop, stop.Desired);
        await _scheduler.SendAsync(Node, _scheduler.Report(stop, TaskState.Stopped));
        await SchedulerHarness.UntilAsync(NodeAsync, node => node.Orphans.Count == 0);
    }

    [Fact]
    public async Task WhatDoesNotFit_IsAdoptedWhenPeopleSaySo_AndReplacedWhereItIsNotAsWanted()
    {
        var other = new string('a', 32);
        await _scheduler.SendAsync(Node, Stranger(other, slot: 1, revision: 9));
        await SchedulerHarness.UntilAsync(NodeAsync, node => node.Orphans.Count == 1);
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new UpdateNode { CommandId = "c2", NodeId = Node, AdoptOrphans = [other] }));
        Assert.Empty((await NodeAsync()).Orphans);

        // The slot has the wanted task already.
        var stop = (await _scheduler.InstructionAsync(message => message.Tasks.Any(task => task is { Desired: DesiredState.Stop }))).Tasks.Single(task => task.Desired == DesiredState.Stop);
        Assert.Equal(other, stop.TaskId);
        Assert.Equal(DesiredState.Run, (await Tasks.FindAsync(_task.TaskId, CancellationToken.None))!.Desired);
    }

    [Fact]
    public async Task OneOfAServiceThatIsNotThere_CannotBeAdopted()
    {
        var other = new string('b', 32);
        await _scheduler.SendAsync(Node, Stranger(other, app: "blog"));
        await SchedulerHarness.UntilAsync(NodeAsync, node => node.Orphans.Count == 1);
        var rejected = Assert.IsType<CommandRejected>(await _scheduler.AskAsync(new UpdateNode { CommandId = "c2", NodeId = Node, AdoptOrphans = [other] }));
        Assert.Equal([$"orphan {other}: there is no service blog/web; deploy it first, or stop the container"], rejected.Errors);
    }

    [Fact]
    public async Task AnAgentStartedAgain_TellsAnew_AlsoBeforeItsJoiningIsHeard()
    {
        var (before, after) = (new string('c', 32), new string('d', 32));
        await _scheduler.SendAsync(Node, Stranger(before, app: "blog"));
        await SchedulerHarness.UntilAsync(NodeAsync, node => node.Orphans.Count == 1);
        await _scheduler.SendAsync(Node, Stranger(after, app: "blog") with { AgentEpoch = 2 });
        await SchedulerHarness.UntilAsync(NodeAsync, node => node.Orphans.Count == 2);
        await _scheduler.JoinAsync(_scheduler.Joined(Node) with { AgentEpoch = 2 });
        Assert.Equal(after, Assert.Single((await NodeAsync()).Orphans).TaskId);
    }

    [Fact]
    public async Task OneThatHasEnded_AndNobodyKnows_IsNoOrphan_AndItsNodeHearsThatNothingFollows()
    {
        var gone = new string('e', 32);
        await _scheduler.SendAsync(Node, Stranger(gone, app: "blog") with { State = TaskState.Failed });
        var told = Assert.Single((await _scheduler.InstructionAsync()).Tasks);
        Assert.Equal((gone, DesiredState.Stop), (told.TaskId, told.Desired));
        Assert.Empty((await NodeAsync()).Orphans);
    }

    [Fact]
    public async Task OneThatWasToStop_AndEndedWhileItsAgentWasAway_IsToldAgainThatItWas()
    {
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(new ScaleService { CommandId = "c2", App = "shop", Service = "web", Replicas = 0 }));
        var stop = Assert.Single((await _scheduler.InstructionAsync()).Tasks);
        await _scheduler.SendAsync(Node, Stranger(_task.TaskId) with { State = TaskState.Completed, AgentEpoch = 2 });
        var told = Assert.Single((await _scheduler.InstructionAsync()).Tasks);
        Assert.Equal((stop.TaskId, DesiredState.Stop, stop.Version), (told.TaskId, told.Desired, told.Version));
    }

    private async Task<NodeDocument> NodeAsync() => (await _scheduler.Store<INodeStore>().FindAsync(Node, CancellationToken.None))!;

    private TaskReport Stranger(string id, int slot = 1, int revision = 1, string app = "shop") => _scheduler.Report(new NodeTask { TaskId = id, Version = 0, Desired = DesiredState.Run }, TaskState.Running) with
    {
        Unknown = new ContainerIdentity { App = app, Service = "web", Slot = slot, Revision = revision, Name = id },
    };
}
