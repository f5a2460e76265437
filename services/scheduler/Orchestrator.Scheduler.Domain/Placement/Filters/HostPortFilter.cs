namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The node's ports that the task wants for itself are free.</summary>
public sealed class HostPortFilter : INodeFilter
{
    public int Room(TaskGroup group, NodeState node)
    {
        for (var i = 0; i < group.Claim.Ports.Count; i++)
        {
            if (node.Conflict(group.Claim.Ports[i]) is not null || HeldPortConflicts.Of(group.Claim.Ports[i], node.Node.HeldPorts) is not null)
            {
                return 0;
            }
        }

        return group.Claim.Ports.Count > 0 ? 1 : int.MaxValue;
    }

    public string Reason(TaskGroup group, NodeState node) =>
        "has in use " + string.Join(" and ", group.Claim.Ports
            .Select(port => node.Conflict(port) is { } used ? $"port {used}" : HeldPortConflicts.Of(port, node.Node.HeldPorts) is { } held ? $"port {port}, which {held.Holder} has" : null)
            .OfType<string>());

    public Cure? Cure(TaskGroup group, NodeState node) => null;
}
