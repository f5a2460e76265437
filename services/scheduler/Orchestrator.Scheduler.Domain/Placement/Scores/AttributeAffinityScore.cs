using Orchestrator.Scheduler.Domain.Placement.Constraints;

using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>50 where no affinity says anything, 100 where all speak for the node, 0 where all speak against it.</summary>
public static class AttributeAffinityScore
{
    public static double Of(TaskGroup group, NodeSnapshot node)
    {
        var (sum, all) = (0, 0);
        for (var i = 0; i < group.Affinities.Count; i++)
        {
            var affinity = group.Affinities[i];
            all += Math.Abs(affinity.Weight);
            sum += affinity.Constraint.Holds(node) ? affinity.Weight : 0;
        }

        return all > 0 ? 50 + (50.0 * sum / all) : 50;
    }
}
