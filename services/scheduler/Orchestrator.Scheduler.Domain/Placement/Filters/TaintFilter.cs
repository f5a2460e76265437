using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The service tolerates the node's taints.</summary>
public sealed class TaintFilter : INodeFilter
{
    private const double CureSize = 0.5;

    public int Room(TaskGroup group, NodeState node)
    {
        for (var i = 0; i < node.Node.Taints.Count; i++)
        {
            if (Repels(group, node.Node.Taints[i]))
            {
                return 0;
            }
        }

        return int.MaxValue;
    }

    public string Reason(TaskGroup group, NodeState node) => "has taint " + string.Join(" and ", Repelling(group, node));

    public Cure? Cure(TaskGroup group, NodeState node)
    {
        var taints = Repelling(group, node).ToList();
        return new(
            "tolerate " + string.Join(" and ", taints),
            CureSize * taints.Count,
            group with { Tolerations = [.. group.Tolerations, .. taints.Select(taint => new Toleration(taint.Key, taint.Value, taint.Effect))] },
            node.Node);
    }

    private static IEnumerable<Taint> Repelling(TaskGroup group, NodeState node) => node.Node.Taints.Where(taint => Repels(group, taint));

    private static bool Repels(TaskGroup group, Taint taint)
    {
        if (taint.Effect == TaintEffect.PreferNoSchedule)
        {
            return false;
        }

        foreach (var toleration in group.Tolerations)
        {
            if (toleration.Covers(taint))
            {
                return false;
            }
        }

        return true;
    }
}
