namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>Generic resources and devices (GPUs) are free.</summary>
public sealed class GenericFilter : INodeFilter
{
    private const double CureSize = 0.5;

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
            if (amount == Demand.AllThereAre)
            {
                // The next of the group finds none left.
                room = Math.Min(room, node.Node.Generic.GetValueOrDefault(kind) is > 0 and var all && node.FreeGeneric(kind) == all ? 1 : 0);
            }
            else if (amount > 0)
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
        var reasons = demand.Generic.Where(pair => pair.Value == Demand.AllThereAre).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (Kind: pair.Key, All: node.Node.Generic.GetValueOrDefault(pair.Key), Free: node.FreeGeneric(pair.Key))).Where(kind => kind.All <= 0 || kind.Free != kind.All)
            .Select(kind => kind.All <= 0 ? $"has no {kind.Kind}" : $"has {kind.All - kind.Free} of its {kind.All} {kind.Kind} in use, and all are wanted").ToList();
        var lacks = demand.Generic
            .Where(pair => pair.Value > 0 && node.FreeGeneric(pair.Key) < pair.Value)
            .Select(pair => $"{pair.Value - Math.Max(0, node.FreeGeneric(pair.Key))} {pair.Key}")
            .Order(StringComparer.Ordinal)
            .Concat(demand.DeviceIds.Where(id => !node.Node.DeviceIds.Contains(id)).Select(id => $"device {id}"))
            .Concat(demand.DeviceIds.Where(id => node.Node.DeviceIds.Contains(id) && node.HoldsDevice(id)).Select(id => $"device {id}, which another task has")).ToList();
        return string.Join(" and ", lacks.Count > 0 ? [.. reasons, "lacks " + string.Join(" and ", lacks)] : reasons);
    }

    /// <summary>Who wants all may be content with those that are free.</summary>
    public Cure? Cure(TaskGroup group, NodeState node)
    {
        var demand = group.Claim.Demand;
        var fewer = demand.Generic.Where(pair => pair.Value == Demand.AllThereAre && node.FreeGeneric(pair.Key) > 0).ToDictionary(pair => pair.Key, pair => node.FreeGeneric(pair.Key), StringComparer.Ordinal);
        var cured = group with { Claim = group.Claim with { Demand = demand with { Generic = demand.Generic.ToDictionary(pair => pair.Key, pair => fewer.GetValueOrDefault(pair.Key, pair.Value), StringComparer.Ordinal) } } };
        return fewer.Count == 0 || Room(cured, node) <= 0 ? null
            : new("reserve " + string.Join(" and ", fewer.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}")) + ", not all", CureSize, cured, node.Node);
    }
}
