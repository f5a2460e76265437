using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Batches;
using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.Scheduler.Domain.Placement.Preemption;
using Orchestrator.Scheduler.Domain.Placement.Ranking;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Each task goes to the node that passes all rules and scores best; ties by id.</summary>
public sealed class PlacementPlanner(PlacementOptions options) : IPlacementPlanner
{
    public PlacementResult Place(TaskGroup group, int count, Cluster cluster)
    {
        var nodes = cluster.Sorted();
        var pass = new GroupPass(group, cluster, ScoreWeights.Of(group.Strategy ?? options.Strategy));
        try
        {
            var (placed, explanations) = Place(pass, count, options.ExplainedTasks, nodes);
            var nominations = placed.Count < count && group.Preemption == PreemptionMode.Lower
                ? new Preemptor(group, nodes, pass).Nominate(count - placed.Count)
                : [];
            var missing = count - placed.Count - nominations.Count;
            return new PlacementResult
            {
                NodeIds = placed,
                Nominations = nominations,
                Explanations = explanations,
                Waiting = missing > 0 ? Wait(pass, group, cluster, nominations) : null,
            };
        }
        finally
        {
            pass.Restore();
        }
    }

    public IReadOnlyList<PlacementResult> PlaceBatch(IReadOnlyList<AskingGroup> batch, Cluster cluster) => new BatchPlacer(this, options, cluster).Place(batch);

    /// <summary>Only what finds a node.</summary>
    /// <param name="explained">So many are explained.</param>
    internal (IReadOnlyList<string> Placed, IReadOnlyList<Explanation> Explanations) Find(TaskGroup group, int count, int explained, Cluster cluster)
    {
        var pass = new GroupPass(group, cluster, ScoreWeights.Of(group.Strategy ?? options.Strategy));
        try
        {
            return Place(pass, count, explained, cluster.Sorted());
        }
        finally
        {
            pass.Restore();
        }
    }

    private (List<string> Placed, List<Explanation> Explanations) Place(GroupPass pass, int count, int explained, NodeState[] nodes)
    {
        var placed = new List<string>(count);
        var explanations = new List<Explanation>();
        Explanation? refusals = null;
        while (placed.Count < count && pass.Best() is var (slot, _))
        {
            if (placed.Count < explained)
            {
                refusals ??= pass.Refusals(options.NamedRefusals);
                explanations.Add(refusals with { Best = pass.BestScores(PlacementOptions.BestScores) });
            }

            placed.Add(nodes[slot].Node.Id);
            pass.Take(slot);
        }

        return (placed, explanations);
    }

    /// <summary>Explained on the cluster as it is with the tasks that were placed.</summary>
    private Explanation Wait(GroupPass pass, TaskGroup group, Cluster cluster, IReadOnlyList<Nomination> nominations)
    {
        var after = cluster.Copy();
        foreach (var nomination in nominations)
        {
            foreach (var victim in nomination.Victims)
            {
                after.Remove(nomination.NodeId, victim);
            }
        }

        foreach (var node in cluster.Nodes.Where(node => pass.AddedTo(node.Slot) > 0))
        {
            for (var i = 0; i < pass.AddedTo(node.Slot); i++)
            {
                after.Add(node.Node.Id, $"\u0001{i}", group.Claim);
            }
        }

        return new WaitingExplainer(group, after, options).Explain();
    }
}
