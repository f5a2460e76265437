namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The node runs what the image is built for.</summary>
public sealed class PlatformFilter : INodeFilter
{
    public int Room(TaskGroup group, NodeState node)
    {
        for (var i = 0; i < group.Platforms.Count; i++)
        {
            if (node.Node.Platform.Runs(group.Platforms[i]))
            {
                return int.MaxValue;
            }
        }

        return group.Platforms.Count == 0 ? int.MaxValue : 0;
    }

    public string Reason(TaskGroup group, NodeState node) => $"is {node.Node.Platform}, not {string.Join(" or ", group.Platforms)}";

    public Cure? Cure(TaskGroup group, NodeState node) => null;
}
