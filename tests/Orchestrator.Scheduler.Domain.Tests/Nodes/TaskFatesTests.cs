using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Nodes;

namespace Orchestrator.Scheduler.Domain.Tests.Nodes;

public sealed class TaskFatesTests
{
    [Theory]
    [InlineData(NodeLiveness.Ready, TaskState.Running, false, false, TaskFate.Stays)]
    [InlineData(NodeLiveness.Suspect, TaskState.Running, false, false, TaskFate.Stays)]
    [InlineData(NodeLiveness.Unreachable, TaskState.Running, false, false, TaskFate.Stays)]
    [InlineData(NodeLiveness.Lost, TaskState.Running, false, false, TaskFate.IsLost)]
    [InlineData(NodeLiveness.Lost, TaskState.Assigned, false, false, TaskFate.IsLost)]
    [InlineData(NodeLiveness.Lost, TaskState.Running, true, false, TaskFate.Stays)]
    [InlineData(NodeLiveness.Lost, TaskState.Running, true, true, TaskFate.IsLost)]
    [InlineData(NodeLiveness.Lost, TaskState.Failed, false, false, TaskFate.Stays)]
    [InlineData(NodeLiveness.Down, TaskState.Running, true, false, TaskFate.IsGivenUp)]
    [InlineData(NodeLiveness.Down, TaskState.Running, false, false, TaskFate.IsGivenUp)]
    [InlineData(NodeLiveness.Down, TaskState.Stopped, true, false, TaskFate.Stays)]
    [InlineData(NodeLiveness.Ready, TaskState.Running, true, false, TaskFate.IsAsked)]
    [InlineData(NodeLiveness.Ready, TaskState.Running, true, true, TaskFate.Stays)]
    public void ATask_OnANode(NodeLiveness liveness, TaskState state, bool nodeLost, bool nodeReturned, TaskFate fate) =>
        Assert.Equal(fate, TaskFates.Of((liveness, TimeSpan.Zero), state, nodeLost, nodeReturned, null));

    [Theory]
    [InlineData(NodeLiveness.Lost, 0, TaskFate.IsAwaited)]
    [InlineData(NodeLiveness.Lost, 29, TaskFate.IsAwaited)]
    [InlineData(NodeLiveness.Lost, 30, TaskFate.IsLost)]
    [InlineData(NodeLiveness.Unreachable, 99, TaskFate.Stays)]
    [InlineData(NodeLiveness.Down, 0, TaskFate.IsGivenUp)]
    public void ATask_WhoseServiceWaits(NodeLiveness liveness, int seconds, TaskFate fate) =>
        Assert.Equal(fate, TaskFates.Of((liveness, TimeSpan.FromSeconds(seconds)), TaskState.Running, false, false, new DisconnectSpec { LostAfterSeconds = 30 }));

    [Theory]
    [InlineData(NodeLiveness.Lost)]
    [InlineData(NodeLiveness.Down)]
    public void ATask_WhoseServiceWaitsForEver(NodeLiveness liveness) =>
        Assert.Equal(TaskFate.IsAwaited, TaskFates.Of((liveness, TimeSpan.FromDays(9)), TaskState.Running, false, false, new DisconnectSpec { NeverLost = true }));
}
