namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The node is in the pool that the service names.</summary>
public sealed class PoolFilter : INodeFilter
{
    private const double CureSize = 0.6;

    public int Room(TaskGroup group, NodeState node) => group.Pool == NodePool.Any || group.Pool == node.Node.Pool ? int.MaxValue : 0;

    public string Reason(TaskGroup group, NodeState node) => $"is in pool {node.Node.Pool}, not {group.Pool}";

    public Cure? Cure(TaskGroup group, NodeState node) =>
        new($"name pool {node.Node.Pool} in the service", CureSize, group with { Pool = node.Node.Pool }, node.Node);
}
