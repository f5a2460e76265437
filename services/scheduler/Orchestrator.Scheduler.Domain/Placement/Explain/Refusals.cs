using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Ranking;

namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>Which nodes refuse a group, and why.</summary>
internal static class Refusals
{
    /// <param name="named">At most so many are named.</param>
    public static Explanation Of(TaskGroup group, NodeState[] nodes, GroupPass pass, int named)
    {
        var (refusals, further) = (new List<Refusal>(), 0);
        foreach (var node in nodes)
        {
            var reasons = refusals.Count < named ? Reasons(group, node, pass) : [];
            if (reasons.Count > 0)
            {
                refusals.Add(new Refusal(node.Node.Id, node.Node.Name, reasons));
            }
            else if (refusals.Count >= named && Refuses(group, node, pass))
            {
                further++;
            }
        }

        return new Explanation { NodesLookedAt = nodes.Length, Refusals = refusals, FurtherRefusals = further };
    }

    private static List<string> Reasons(TaskGroup group, NodeState node, GroupPass pass) =>
        [.. NodeFilters.All.Reasons(group, node), .. pass.Domains.Reasons(pass.CellOf(node.Slot))];

    private static bool Refuses(TaskGroup group, NodeState node, GroupPass pass) =>
        NodeFilters.All.Room(group, node) <= 0 || pass.Domains.Blocks(pass.CellOf(node.Slot));
}
