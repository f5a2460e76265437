using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Ranking;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Rebalance;

/// <summary>Levels the nodes by few moves: from the fullest to the emptiest, each making the fuller of the two less full than before.</summary>
public static class RebalancePlanner
{
    // Where the fullest node has nothing to give, or the emptiest cannot take it, so many after them are tried.
    private const int NodesTried = 4;
    private const double LeastGain = 0.01;

    /// <param name="groups">By service: what its tasks are. Tasks of other services stay.</param>
    /// <param name="fixedTasks">Ids of tasks that stay.</param>
    /// <param name="budget">At most so many moves: what is left of <see cref="RebalanceOptions.MovesPerHour"/>.</param>
    public static IReadOnlyList<Move> Plan(
        Cluster cluster, IReadOnlyDictionary<string, TaskGroup> groups, IReadOnlySet<string> fixedTasks, int budget, RebalanceOptions options)
    {
        var moves = new List<Move>();
        var after = cluster.Copy();
        var moved = new HashSet<string>(fixedTasks, StringComparer.Ordinal);
        while (options.Enabled && moves.Count < budget)
        {
            var nodes = after.Nodes.Where(node => node.Node.Refuses is null).OrderBy(node => node.Load).ThenBy(node => node.Node.Id, StringComparer.Ordinal).ToList();
            if (nodes.Count < 2 || !IsUneven(nodes[0], nodes[^1], options) || Best(after, nodes, groups, moved) is not { } move)
            {
                break;
            }

            var claim = after.Find(move.FromNodeId)!.Tasks[move.TaskId];
            after.Remove(move.FromNodeId, move.TaskId);
            after.Add(move.ToNodeId, move.TaskId, claim);
            moved.Add(move.TaskId);
            moves.Add(move);
        }

        return moves;
    }

    private static bool IsUneven(NodeState emptiest, NodeState fullest, RebalanceOptions options) =>
        fullest.Load - emptiest.Load > options.Threshold || (options.FillEmptyNodes && emptiest.Tasks.Count == 0 && fullest.Tasks.Count > 1);

    private static Move? Best(Cluster after, List<NodeState> nodes, IReadOnlyDictionary<string, TaskGroup> groups, HashSet<string> moved)
    {
        foreach (var from in nodes.AsEnumerable().Reverse().Take(NodesTried))
        {
            foreach (var to in nodes.Take(NodesTried).Where(to => to.Load < from.Load))
            {
                var candidate = from.Tasks
                    .Where(task => !moved.Contains(task.Key) && groups.ContainsKey(task.Value.Service))
                    .Select(task => (Task: task, Load: LoadAfter(from, to, task)))
                    .Where(pair => pair.Load < from.Load - LeastGain)
                    .OrderBy(pair => pair.Load).ThenBy(pair => pair.Task.Key, StringComparer.Ordinal)
                    .FirstOrDefault(pair => MayMove(after, groups[pair.Task.Value.Service] with { Claim = pair.Task.Value }, from, to, pair.Task.Key));
                if (candidate.Task.Key is { } taskId)
                {
                    return new Move(taskId, candidate.Task.Value.Service, from.Node.Id, to.Node.Id, Reason(from, to, candidate.Load));
                }
            }
        }

        return null;
    }

    /// <returns>The greater of both loads.</returns>
    private static double LoadAfter(NodeState from, NodeState to, KeyValuePair<string, Claim> task) =>
        Math.Max(from.Without([task.Key]).Load, to.With(task.Value, 1).Load);

    /// <summary>All rules hold where it goes, and the service is spread no worse.</summary>
    private static bool MayMove(Cluster after, TaskGroup group, NodeState from, NodeState to, string taskId)
    {
        var without = after.Copy();
        without.Remove(from.Node.Id, taskId);
        var target = without.Find(to.Node.Id)!;
        if (NodeFilters.All.Room(group, target) <= 0 || target.CountOf(group.Claim.Service) > without.Find(from.Node.Id)!.CountOf(group.Claim.Service))
        {
            return false;
        }

        var pass = new GroupPass(group, without, ScoreWeights.Of(group.Strategy ?? PlacementStrategy.Mixed));
        var (here, there) = (pass.CellOf(without.Find(from.Node.Id)!.Slot), pass.CellOf(target.Slot));
        return !pass.Domains.Blocks(there) && pass.Domains.PointsOf(there) >= pass.Domains.PointsOf(here);
    }

    private static string Reason(NodeState from, NodeState to, double load) =>
        $"{from.Node.Name} is reserved to {Quantity.Percent(from.Load)}, {to.Node.Name} to {Quantity.Percent(to.Load)}; with the move the fuller of them is at {Quantity.Percent(load)}";
}
