using System.Globalization;

namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>CPUs, memory and process ids are free for reservation. Limits may be above reservations: they are not counted.</summary>
public sealed class CapacityFilter : INodeFilter
{
    private const long MinNanoCpus = 1_000_000;
    private const long MinMemoryBytes = 6L << 20;

    public int Room(TaskGroup group, NodeState node)
    {
        var demand = group.Claim.Demand;
        return Math.Min(
            Math.Min(Times(node.FreeNanoCpus, demand.NanoCpus), Times(node.FreeMemoryBytes, demand.MemoryBytes)),
            Times(node.FreePids, demand.Pids));
    }

    public string Reason(TaskGroup group, NodeState node)
    {
        var demand = group.Claim.Demand;
        var lacks = new List<string>(3);
        if (node.FreeNanoCpus < demand.NanoCpus)
        {
            lacks.Add(Quantity.Cpus(demand.NanoCpus - node.FreeNanoCpus));
        }

        if (node.FreeMemoryBytes < demand.MemoryBytes)
        {
            lacks.Add(Quantity.Memory(demand.MemoryBytes - node.FreeMemoryBytes));
        }

        if (node.FreePids < demand.Pids)
        {
            lacks.Add(string.Create(CultureInfo.InvariantCulture, $"{demand.Pids - node.FreePids} pids"));
        }

        return "lacks " + string.Join(" and ", lacks);
    }

    /// <summary>Ask for no more than is free.</summary>
    public Cure? Cure(TaskGroup group, NodeState node)
    {
        var demand = group.Claim.Demand;
        var lowered = demand with
        {
            Cpus = Math.Min(demand.NanoCpus, node.FreeNanoCpus) / Demand.NanoCpusPerCpu,
            MemoryBytes = Math.Min(demand.MemoryBytes, node.FreeMemoryBytes),
            Pids = Math.Min(demand.Pids, node.FreePids),
        };
        if (lowered.NanoCpus < Math.Min(MinNanoCpus, demand.NanoCpus) || lowered.MemoryBytes < Math.Min(MinMemoryBytes, demand.MemoryBytes) || lowered.Pids < Math.Min(1, demand.Pids))
        {
            return null;
        }

        var parts = new List<string>(3);
        var size = 0.0;
        void Lower(long from, long to, string text)
        {
            if (to < from)
            {
                parts.Add(text);
                size += (double)(from - to) / from;
            }
        }

        Lower(demand.NanoCpus, lowered.NanoCpus, Quantity.Cpus(lowered.NanoCpus));
        Lower(demand.MemoryBytes, lowered.MemoryBytes, Quantity.Memory(lowered.MemoryBytes));
        Lower(demand.Pids, lowered.Pids, $"{lowered.Pids} pids");
        return new($"lower the reservation to {string.Join(" and ", parts)}", size, group with { Claim = group.Claim with { Demand = lowered } }, node.Node);
    }

    private static int Times(long free, long each) => each <= 0 ? int.MaxValue : free < each ? 0 : (int)Math.Min(int.MaxValue, free / each);
}
