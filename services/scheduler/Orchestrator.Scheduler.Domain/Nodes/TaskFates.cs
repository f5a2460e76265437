using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Nodes;

public static class TaskFates
{
    /// <param name="node">The health monitor's verdict on the task's node, and how long it stands.</param>
    /// <param name="state">The state last observed.</param>
    /// <param name="nodeLost">It counts as lost.</param>
    /// <param name="nodeReturned">It counts as lost, and its node has told of it since.</param>
    /// <param name="policy">What its service wants; null: to be replaced at once.</param>
    public static TaskFate Of((NodeLiveness Liveness, TimeSpan For) node, TaskState state, bool nodeLost, bool nodeReturned, DisconnectSpec? policy) =>
        state.IsFinal() ? TaskFate.Stays
        : node.Liveness < NodeLiveness.Lost ? (nodeLost && !nodeReturned ? TaskFate.IsAsked : TaskFate.Stays)
        : policy is { NeverLost: true } ? TaskFate.IsAwaited
        : node.Liveness == NodeLiveness.Down ? TaskFate.IsGivenUp
        : nodeLost && !nodeReturned ? TaskFate.Stays
        : policy?.LostAfterSeconds > node.For.TotalSeconds ? TaskFate.IsAwaited
        : TaskFate.IsLost;
}
