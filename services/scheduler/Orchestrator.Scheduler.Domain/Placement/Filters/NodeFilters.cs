namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>All rules that are told by the node alone, in the order in which refusals name them.</summary>
internal static class NodeFilters
{
    /// <summary>Do not change with what is placed.</summary>
    internal static readonly INodeFilter[] Standing =
        [new ReadyFilter(), new PoolFilter(), new PlatformFilter(), new ConstraintFilter(), new TaintFilter(), new VolumeFilter()];

    /// <summary>Change with what is placed, by whatever service.</summary>
    internal static readonly INodeFilter[] Capacity = [new CapacityFilter(), new GenericFilter(), new HostPortFilter()];

    /// <summary>Change with the tasks of certain services.</summary>
    internal static readonly INodeFilter[] Service = [new MaxReplicasFilter(), new ServiceAffinityFilter()];

    internal static readonly INodeFilter[] All = [.. Standing, .. Capacity, .. Service];

    /// <summary>Rules that a running task's node must go on meeting.</summary>
    internal static readonly INodeFilter[] Lasting = [new PoolFilter(), new PlatformFilter(), new ConstraintFilter()];

    public static int Room(this INodeFilter[] filters, TaskGroup group, NodeState node)
    {
        var room = int.MaxValue;
        for (var i = 0; i < filters.Length && room > 0; i++)
        {
            room = Math.Min(room, filters[i].Room(group, node));
        }

        return room;
    }

    /// <returns>All the reasons against the node, to be read after its name; empty: it takes a task.</returns>
    public static IReadOnlyList<string> Reasons(this INodeFilter[] filters, TaskGroup group, NodeState node) =>
        [.. filters.Where(filter => filter.Room(group, node) <= 0).Select(filter => filter.Reason(group, node))];
}
