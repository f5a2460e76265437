using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Whether a service's tasks may stay on a node.</summary>
/// <param name="Reason">Why not; null: they may.</param>
/// <param name="Now">Not even until others have taken their place.</param>
/// <param name="NextAt">When that changes though nothing else does.</param>
internal sealed record Residence(string? Reason, bool Now = false, DateTimeOffset? NextAt = null)
{
    public static readonly Residence Stays = new((string?)null);

    public static Residence Of(TaskGroup group, NodeState node, NodeEntry entry, DateTimeOffset now)
    {
        var eviction = TaintEviction.Of(entry.Taints, group.Tolerations);
        if (eviction is { } due && due.At <= now)
        {
            return new Residence($"its node has taint {due.For}", Now: true);
        }

        if (entry.Availability == NodeAvailability.Drain)
        {
            return entry.DrainUntil is { } deadline && deadline <= now
                ? new Residence("its node is being drained, and the deadline has passed", Now: true)
                : new Residence("its node is being drained", NextAt: eviction?.At < entry.DrainUntil ? eviction?.At : entry.DrainUntil ?? eviction?.At);
        }

        var reasons = NodeFit.ReasonsToLeave(group, node);
        return reasons.Count > 0 ? new Residence("its node " + string.Join(" and ", reasons), NextAt: eviction?.At)
            : eviction is null ? Stays
            : new Residence(null, NextAt: eviction.Value.At);
    }
}
