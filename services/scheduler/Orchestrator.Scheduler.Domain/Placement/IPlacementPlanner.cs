namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Finds nodes for a group of equal tasks. Same cluster, group and seed, same answer. Changes nothing: what is decided is added to the cluster by whoever commits it.</summary>
public interface IPlacementPlanner
{
    /// <param name="count">How many tasks.</param>
    PlacementResult Place(TaskGroup group, int count, Cluster cluster);
}
