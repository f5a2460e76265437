using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Batches;

/// <summary>
/// In which order groups that ask at once are served: the more important first, of these the one with the larger tasks, as small ones find room in what
/// large ones leave. Where nodes are to be filled, the next task is the one that goes best with what the node that is being filled has left.
/// Which node a task gets is decided as for a group alone.
/// </summary>
internal sealed class BatchPlacer(PlacementPlanner planner, PlacementOptions options, Cluster cluster)
{
    private readonly List<(string NodeId, string TaskId)> _added = [];

    public IReadOnlyList<PlacementResult> Place(IReadOnlyList<AskingGroup> batch)
    {
        var groups = batch.Select((asking, at) => new BatchGroup(asking, at, cluster, (asking.Group.Strategy ?? options.Strategy) == PlacementStrategy.Binpack)).ToList();
        try
        {
            foreach (var equals in groups.GroupBy(group => group.Group.Claim.Priority).OrderByDescending(equals => equals.Key))
            {
                PlaceEquals([.. equals.Where(group => group.Left > 0).OrderByDescending(group => group.Size).ThenBy(group => group.At)]);
            }
        }
        finally
        {
            _added.ForEach(added => cluster.Remove(added.NodeId, added.TaskId));
        }

        return [.. groups.Select(group => new PlacementResult { NodeIds = group.NodeIds, Explanations = group.Explanations })];
    }

    /// <param name="open">Of one importance, the largest first.</param>
    private void PlaceEquals(List<BatchGroup> open)
    {
        NodeState? filling = null;
        while (open.Count > 0)
        {
            var next = (filling is null ? null : BestMatch.For(filling, open)) ?? open[0];
            var asked = next.Fills && open.Count > 1 ? 1 : next.Left;
            var found = Place(next, asked);
            if (found.Count < asked || next.Left == 0)
            {
                open.Remove(next);
            }

            filling = next.Fills && found.Count > 0 ? cluster.Find(found[^1]) : null;
        }
    }

    private IReadOnlyList<string> Place(BatchGroup group, int count)
    {
        var (found, explanations) = planner.Find(group.Group, count, Math.Max(0, options.ExplainedTasks - group.NodeIds.Count), cluster);
        foreach (var nodeId in found)
        {
            var taskId = $"\u0001{_added.Count}";
            cluster.Add(nodeId, taskId, group.Group.Claim);
            _added.Add((nodeId, taskId));
        }

        group.NodeIds.AddRange(found);
        group.Explanations.AddRange(explanations);
        return found;
    }
}
