namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Finds nodes for a group of equal tasks. Same cluster, group and seed, same answer. Changes nothing: what is decided is added to the cluster by whoever commits it.</summary>
public interface IPlacementPlanner
{
    /// <param name="count">How many tasks.</param>
    PlacementResult Place(TaskGroup group, int count, Cluster cluster);

    /// <summary>Groups that ask at once, each with those before it in mind. The order in which they are served is the planner's.</summary>
    /// <returns>In the order of the batch. A group that finds no node for all its tasks is to ask alone once the rest is committed: why, and who could leave, is told then.</returns>
    IReadOnlyList<PlacementResult> PlaceBatch(IReadOnlyList<AskingGroup> batch, Cluster cluster);
}
