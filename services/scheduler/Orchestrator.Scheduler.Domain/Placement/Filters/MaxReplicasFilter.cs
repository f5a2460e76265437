namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The node has fewer tasks of the service than it may have.</summary>
public sealed class MaxReplicasFilter : INodeFilter
{
    private const double CureSize = 0.5;

    public int Room(TaskGroup group, NodeState node) =>
        group.MaxReplicasPerNode is { } max ? Math.Max(0, max - node.CountOf(group.Claim.Service)) : int.MaxValue;

    public string Reason(TaskGroup group, NodeState node) =>
        $"has {node.CountOf(group.Claim.Service)} of the service, and max_replicas_per_node is {group.MaxReplicasPerNode}";

    public Cure? Cure(TaskGroup group, NodeState node)
    {
        var max = node.CountOf(group.Claim.Service) + 1;
        return new($"raise max_replicas_per_node to {max}", CureSize, group with { MaxReplicasPerNode = max }, node.Node);
    }
}
