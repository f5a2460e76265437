using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Ranking;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>Why no node takes a task of the group, and which least changes would help. Each is tried before it is told.</summary>
internal sealed class WaitingExplainer(TaskGroup group, Cluster cluster, PlacementOptions options)
{
    private const int MaxChanges = 3;
    private const int MaxTries = 10;

    private static readonly PlacementPlanner Trial = new(new PlacementOptions { ExplainedTasks = 0, NamedRefusalsOfWaiting = 0 });

    public Explanation Explain()
    {
        var nodes = cluster.Sorted();
        var pass = new GroupPass(group, cluster, ScoreWeights.Of(group.Strategy ?? options.Strategy));
        try
        {
            var refusals = pass.Refusals(options.NamedRefusalsOfWaiting);
            return options.NamedRefusalsOfWaiting > 0 ? refusals with { Changes = Changes(nodes, pass) } : refusals;
        }
        finally
        {
            pass.Restore();
        }
    }

    private List<LeastChange> Changes(NodeState[] nodes, GroupPass pass)
    {
        var helping = nodes
            .Select(node => CureOf(node, pass))
            .OfType<(Cure Cure, int Steps)>()
            .OrderBy(pair => pair.Steps).ThenBy(pair => pair.Cure.Size).ThenBy(pair => pair.Cure.Node.Id, StringComparer.Ordinal)
            .Select(pair => pair.Cure)
            .DistinctBy(cure => cure.Text)
            .Take(MaxTries)
            .Select(cure => new LeastChange(cure.Text, cure.Group, ReferenceEquals(cure.Node, cluster.Find(cure.Node.Id)!.Node) ? null : cure.Node))
            .Where(Helps)
            .Take(MaxChanges)
            .ToList();
        var node = NewNode.For(group, cluster);
        return Helps(node) ? [.. helping, node] : helping;
    }

    /// <summary>What all the rules that refuse the node would be content with together; null where one cannot be helped.</summary>
    private (Cure Cure, int Steps)? CureOf(NodeState node, GroupPass pass)
    {
        var texts = new List<string>();
        var (size, cured, snapshot) = (0.0, group, node.Node);
        foreach (var filter in NodeFilters.All.Where(filter => filter.Room(group, node) <= 0))
        {
            if (filter.Cure(cured, node.With(snapshot)) is not { } cure)
            {
                return null;
            }

            texts.Add(cure.Text);
            (size, cured, snapshot) = (size + cure.Size, cure.Group, cure.Node);
        }

        foreach (var (text, part, change) in pass.Domains.Cures(pass.CellOf(node.Slot)))
        {
            texts.Add(text);
            (size, cured) = (size + part, change(cured));
        }

        return texts.Count > 0 ? (new Cure(string.Join(", and ", texts), size, cured, snapshot), texts.Count) : null;
    }

    private bool Helps(LeastChange change)
    {
        var changed = cluster.Copy();
        if (change.Node is not null)
        {
            changed.Put(change.Node);
        }

        return Trial.Place(change.Group, 1, changed).NodeIds.Count == 1;
    }
}
