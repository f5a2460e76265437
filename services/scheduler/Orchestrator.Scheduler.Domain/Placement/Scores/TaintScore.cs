using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>100 without a taint that asks tasks to prefer other nodes; 50, 33… with one, two…</summary>
public static class TaintScore
{
    public static double Of(TaskGroup group, NodeSnapshot node)
    {
        var against = 0;
        for (var i = 0; i < node.Taints.Count; i++)
        {
            var taint = node.Taints[i];
            against += taint.Effect == TaintEffect.PreferNoSchedule && !group.Tolerations.Any(toleration => toleration.Covers(taint)) ? 1 : 0;
        }

        return 100.0 / (1 + against);
    }
}
