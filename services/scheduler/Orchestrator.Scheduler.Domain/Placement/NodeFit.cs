using Orchestrator.Scheduler.Domain.Placement.Filters;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>
/// What one node says to a group, without the others: for services that have a task on each node, and to tell whether a change of this
/// node could help a group that waits. Rules about places wider than a node need the whole cluster: <see cref="PlacementPlanner"/>.
/// </summary>
public static class NodeFit
{
    /// <returns>Why it takes no task of the group, to be read after its name; empty: it takes one.</returns>
    public static IReadOnlyList<string> Reasons(TaskGroup group, NodeState node) => NodeFilters.All.Reasons(group, node);

    /// <returns>Why a task of the group that runs there must be placed again, for labels or constraints have changed; empty: it may stay.</returns>
    public static IReadOnlyList<string> ReasonsToLeave(TaskGroup group, NodeState node) => NodeFilters.Lasting.Reasons(group, node);

    /// <returns>Why even its first task could never be there, whatever is placed on the node now; empty: it could.</returns>
    public static IReadOnlyList<string> ReasonsStanding(TaskGroup group, NodeState node) => NodeFilters.Standing.Reasons(group, node);

    /// <summary>Whether what is left of the node is enough, wherever the task should be.</summary>
    public static bool HasRoom(Claim claim, NodeState node) => NodeFilters.Capacity.Room(new TaskGroup { Claim = claim }, node) > 0;
}
