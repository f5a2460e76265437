using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Nodes;

public static class TaskFates
{
    /// <param name="liveness">The health monitor's verdict on the task's node.</param>
    /// <param name="state">The state last observed.</param>
    /// <param name="nodeLost">It counts as lost.</param>
    /// <param name="nodeReturned">It counts as lost, and its node has told of it since.</param>
    public static TaskFate Of(NodeLiveness liveness, TaskState state, bool nodeLost, bool nodeReturned) =>
        state.IsFinal() ? TaskFate.Stays
        : liveness == NodeLiveness.Down ? TaskFate.IsGivenUp
        : liveness == NodeLiveness.Lost ? (nodeLost && !nodeReturned ? TaskFate.Stays : TaskFate.IsLost)
        : nodeLost && !nodeReturned ? TaskFate.IsAsked
        : TaskFate.Stays;
}
