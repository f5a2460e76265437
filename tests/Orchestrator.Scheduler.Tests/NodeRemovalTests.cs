using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Tests;

public sealed class NodeRemovalTests : IAsyncLifetime
{
    private const string First = SchedulerHarness.Node;
    private const string Second = "n2";
    private readonly SchedulerHarness _scheduler = new();

    private INodeStore Nodes => _scheduler.Store<INodeStore>();

    public async ValueTask InitializeAsync()
    {
        await _scheduler.InitializeAsync();
        await _scheduler.JoinAsync();
    }

    public ValueTask DisposeAsync() => _scheduler.DisposeAsync();

    [Fact]
    public async Task ALostNode_IsRemoved_ItsTasksGoElsewhere_AndADuplicateIsAnsweredAlike()
    {
        var task = (await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1, cpus: 1)))[0];
        await _scheduler.JoinAsync(Second);
        await _scheduler.FindAsync(First, NodeLiveness.Unreachable);
        var accepted = Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(Remove("r1")));
        Assert.Equal(("remove-node", null), (accepted.Command, accepted.App));
        var removed = await _scheduler.EventAsync<NodeRemoved>();
        Assert.Equal((First, "r1"), (removed.NodeId, removed.CommandId));
        var next = (await _scheduler.InstructionAsync(message => message.NodeId == Second)).Tasks.Single();
        Assert.Equal(task.Spec!.Slot, next.Spec!.Slot);
        await SchedulerHarness.UntilAsync(() => Nodes.FindAsync(First, CancellationToken.None), node => node is null);
        Assert.Equal(TaskState.Lost, (await _scheduler.Store<ITaskStore>().FindAsync(task.TaskId, CancellationToken.None))!.State);
        Assert.Equal(accepted.EventId, (await _scheduler.AskAsync(Remove("r1"))).EventId);
    }

    [Fact]
    public async Task ANodeThatAnswers_IsRemovedByForceOnly()
    {
        await _scheduler.FindAsync(First, NodeLiveness.Ready, tell: false);
        var refused = Assert.IsType<CommandRejected>(await _scheduler.AskAsync(Remove("r1")));
        Assert.Contains("'n1' answers", refused.Errors.Single(), StringComparison.Ordinal);
        Assert.NotNull(await Nodes.FindAsync(First, CancellationToken.None));
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(Remove("r2") with { Force = true }));
        await SchedulerHarness.UntilAsync(() => Nodes.FindAsync(First, CancellationToken.None), node => node is null);
    }

    [Fact]
    public async Task ANodeThatNobodyKnows_IsRefused()
    {
        Assert.Contains("there is no node 'nobody'", Assert.IsType<CommandRejected>(await _scheduler.AskAsync(Remove("r1") with { NodeId = "nobody" })).Errors.Single(), StringComparison.Ordinal);
        Assert.IsType<CommandRejected>(await _scheduler.AskAsync(Remove("r2") with { NodeId = null }));
    }

    /// <summary>The scheduler died after the mark, or a task was being placed there: the sweep ends it.</summary>
    [Fact]
    public async Task ARemoval_ThatWasLeftHalfDone_IsEndedByTheSweep()
    {
        var task = (await _scheduler.RunAsync("c1", SchedulerHarness.Web(replicas: 1, cpus: 1)))[0];
        var node = (await Nodes.FindAsync(First, CancellationToken.None))!;
        Assert.True(await Nodes.TryReplaceAsync(node with { RemovedBy = "r1" }, CancellationToken.None));
        await _scheduler.JoinAsync(First);
        var look = () => Nodes.FindAsync(First, CancellationToken.None);
        await SchedulerHarness.UntilAsync(
            async () =>
            {
                _scheduler.Time.Advance(TimeSpan.FromSeconds(2));
                return await look();
            },
            found => found is null);
        Assert.Equal("r1", (await _scheduler.EventAsync<NodeRemoved>()).CommandId);
        Assert.Equal(TaskState.Lost, (await _scheduler.Store<ITaskStore>().FindAsync(task.TaskId, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task AJoiningThatWasOnItsWay_BringsNoRemovedNodeBack_AnAgentStartedSinceDoes()
    {
        Assert.IsType<CommandAccepted>(await _scheduler.AskAsync(Remove("r1") with { Force = true }));
        await SchedulerHarness.UntilAsync(() => Nodes.FindAsync(First, CancellationToken.None), node => node is null);

        var heard = new Heard();
        using (_scheduler.Bus.ConnectConsumeMessageObserver(heard))
        {
            await _scheduler.Bus.Publish(_scheduler.Joined(First));
            await heard.One.WaitAsync(TimeSpan.FromMinutes(1));
        }

        Assert.Null(await Nodes.FindAsync(First, CancellationToken.None));

        await _scheduler.JoinAsync(_scheduler.Joined(First) with { AgentEpoch = 2 });
        Assert.NotNull(await Nodes.FindAsync(First, CancellationToken.None));
    }

    private static RemoveNode Remove(string commandId) => new() { CommandId = commandId, NodeId = First };

    /// <summary>A joining that the scheduler has done with.</summary>
    private sealed class Heard : IConsumeMessageObserver<NodeJoined>
    {
        private readonly TaskCompletionSource _one = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task One => _one.Task;

        public Task PreConsume(ConsumeContext<NodeJoined> context) => Task.CompletedTask;

        public Task PostConsume(ConsumeContext<NodeJoined> context)
        {
            _one.TrySetResult();
            return Task.CompletedTask;
        }

        public Task ConsumeFault(ConsumeContext<NodeJoined> context, Exception exception)
        {
            _one.TrySetException(exception);
            return Task.CompletedTask;
        }
    }
}
