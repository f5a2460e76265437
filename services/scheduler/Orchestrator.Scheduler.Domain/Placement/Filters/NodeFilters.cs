namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>All rules that are told by the node alone, in the order in which refusals name them.</summary>
public static class NodeFilters
{
    /// <summary>Do not change with what is placed.</summary>
    public static readonly IReadOnlyList<INodeFilter> Standing =
        [new ReadyFilter(), new PoolFilter(), new PlatformFilter(), new ConstraintFilter(), new TaintFilter(), new VolumeFilter()];

    /// <summary>Change with what is placed, by whatever service.</summary>
    public static readonly IReadOnlyList<INodeFilter> Capacity = [new CapacityFilter(), new GenericFilter(), new HostPortFilter()];

    /// <summary>Change with the tasks of certain services.</summary>
    public static readonly IReadOnlyList<INodeFilter> Service = [new MaxReplicasFilter(), new ServiceAffinityFilter()];

    public static readonly IReadOnlyList<INodeFilter> All = [.. Standing, .. Capacity, .. Service];

    /// <summary>Rules that a running task's node must go on meeting; a task whose node breaks one is placed again.</summary>
    public static readonly IReadOnlyList<INodeFilter> Lasting = [new PoolFilter(), new PlatformFilter(), new ConstraintFilter()];

    public static int Room(this IReadOnlyList<INodeFilter> filters, TaskGroup group, NodeState node)
    {
        var room = int.MaxValue;
        for (var i = 0; i < filters.Count && room > 0; i++)
        {
            room = Math.Min(room, filters[i].Room(group, node));
        }

        return room;
    }

    /// <returns>All the reasons against the node, to be read after its name; empty: it takes a task.</returns>
    public static IReadOnlyList<string> Reasons(this IReadOnlyList<INodeFilter> filters, TaskGroup group, NodeState node) =>
        [.. filters.Where(filter => filter.Room(group, node) <= 0).Select(filter => filter.Reason(group, node))];
}
