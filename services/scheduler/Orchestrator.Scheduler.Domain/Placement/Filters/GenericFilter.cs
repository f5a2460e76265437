namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>Generic resources and devices (GPUs) are free.</summary>
public sealed class GenericFilter : INodeFilter
{
    public int Room(TaskGroup group, NodeState node)
    {
        var demand = group.Claim.Demand;
        var room = int.MaxValue;
        if (demand.Generic.Count == 0 && demand.DeviceIds.Count == 0)
        {
            return room;
        }

        foreach (var (kind, amount) in demand.Generic)
        {
            if (amount > 0)
            {
                room = (int)Math.Clamp(node.FreeGeneric(kind) / amount, 0, room);
            }
        }

        foreach (var device in demand.DeviceIds)
        {
            // A device is one task's: the next of the group finds it taken.
            room = Math.Min(room, node.Node.DeviceIds.Contains(device) && !node.HoldsDevice(device) ? 1 : 0);
        }

        return room;
    }

    public string Reason(TaskGroup group, NodeState node)
    {
        var demand = group.Claim.Demand;
        var lacks = demand.Generic
            .Where(pair => pair.Value > 0 && node.FreeGeneric(pair.Key) < pair.Value)
            .Select(pair => $"{pair.Value - Math.Max(0, node.FreeGeneric(pair.Key))} {pair.Key}")
            .Order(StringComparer.Ordinal)
            .Concat(demand.DeviceIds.Where(id => !node.Node.DeviceIds.Contains(id)).Select(id => $"device {id}"))
            .Concat(demand.DeviceIds.Where(id => node.Node.DeviceIds.Contains(id) && node.HoldsDevice(id)).Select(id => $"device {id}, which another task has"));
        return "lacks " + string.Join(" and ", lacks);
    }

    public Cure? Cure(TaskGroup group, NodeState node) => null;
}
