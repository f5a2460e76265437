namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The data of the service's volumes are on the node, or nowhere yet.</summary>
public sealed class VolumeFilter : INodeFilter
{
    public int Room(TaskGroup group, NodeState node)
    {
        for (var i = 0; i < group.Volumes.Count; i++)
        {
            if (group.Volumes[i].NodeId != node.Node.Id)
            {
                return 0;
            }
        }

        return int.MaxValue;
    }

    public string Reason(TaskGroup group, NodeState node) => "lacks " + string.Join(" and ", group.Volumes
        .Where(volume => volume.NodeId != node.Node.Id)
        .Select(volume => $"volume {volume.Volume}, which is on {volume.NodeName}"));

    public Cure? Cure(TaskGroup group, NodeState node) => null;
}
