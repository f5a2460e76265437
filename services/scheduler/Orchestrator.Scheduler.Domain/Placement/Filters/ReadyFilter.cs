namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The node is up and takes new tasks.</summary>
public sealed class ReadyFilter : INodeFilter
{
    private const double CureSize = 0.2;

    public int Room(TaskGroup group, NodeState node) => node.Node.Refuses is null ? int.MaxValue : 0;

    public string Reason(TaskGroup group, NodeState node) => node.Node.Refuses!;

    public Cure? Cure(TaskGroup group, NodeState node) =>
        new($"make {node.Node.Name} ready and active (it {node.Node.Refuses})", CureSize, group, node.Node with { Refuses = null });
}
