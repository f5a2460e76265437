namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>Services that must be on the node are, those that must not are not. Wider places than a node: <see cref="Ranking.Domains"/>.</summary>
public sealed class ServiceAffinityFilter : INodeFilter
{
    private const double CureSize = 0.7;

    public int Room(TaskGroup group, NodeState node)
    {
        var room = int.MaxValue;
        for (var i = 0; i < group.ServiceAffinities.Count; i++)
        {
            var affinity = group.ServiceAffinities[i];
            if (affinity.Hard && affinity.IsOfNode(group))
            {
                var there = node.CountOf(affinity.Service) > 0;
                room = Math.Min(room, there != affinity.Weight > 0 ? 0
                    : affinity.Weight < 0 && affinity.Service == group.Claim.Service ? 1
                    : int.MaxValue);
            }
        }

        return room;
    }

    public string Reason(TaskGroup group, NodeState node) => string.Join(" and ", Broken(group, node)
        .Select(affinity => affinity.Weight > 0 ? $"has no task of {affinity.Name}" : $"has a task of {affinity.Name}"));

    public Cure? Cure(TaskGroup group, NodeState node)
    {
        var broken = Broken(group, node).ToList();
        return new(
            string.Join(" and ", broken.Select(affinity => $"make the {(affinity.Weight > 0 ? "affinity to" : "anti-affinity against")} {affinity.Name} soft")),
            CureSize * broken.Count,
            group with { ServiceAffinities = [.. group.ServiceAffinities.Select(affinity => broken.Contains(affinity) ? affinity with { Hard = false } : affinity)] },
            node.Node);
    }

    private static IEnumerable<ServiceAffinity> Broken(TaskGroup group, NodeState node) => group.ServiceAffinities
        .Where(affinity => affinity.Hard && affinity.IsOfNode(group) && node.CountOf(affinity.Service) > 0 != affinity.Weight > 0);
}
