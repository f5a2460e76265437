namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Finds nodes for a group of equal tasks. Same input, same answer; the order of the nodes does not matter.</summary>
public interface IPlacementPlanner
{
    PlacementResult Place(Demand demand, int count, IReadOnlyCollection<NodeSnapshot> nodes);
}
