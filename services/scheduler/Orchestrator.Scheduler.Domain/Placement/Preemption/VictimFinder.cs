using Orchestrator.Scheduler.Domain.Placement.Filters;

namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>
/// Finds on one node the tasks of lower priority that have to go for one task of the group: of the lowest priorities with which it can
/// be done at all, the fewest. One or two are the fewest for certain; more are chosen by what they free, and none of them is superfluous.
/// </summary>
internal static class VictimFinder
{
    // Pairs are tried out up to so many tasks.
    private const int MaxForPairs = 64;

    /// <returns>A cost that no victims on the node stay below, soon found; null: not even all of them would do, as far as CPUs and memory tell.</returns>
    public static VictimCost? AtLeast(TaskGroup group, NodeState node)
    {
        if (Fits(group, node))
        {
            return default(VictimCost);
        }

        var (lowest, mostNanoCpus, mostMemory, allNanoCpus, allMemory) = (int.MaxValue, 0L, 0L, 0L, 0L);
        foreach (var (_, claim) in node.Placed)
        {
            if (IsLower(claim, group))
            {
                var (nanoCpus, memory) = (claim.Demand.NanoCpus, claim.Demand.MemoryBytes);
                (lowest, allNanoCpus, allMemory) = (Math.Min(lowest, claim.Priority), allNanoCpus + nanoCpus, allMemory + memory);
                (mostNanoCpus, mostMemory) = (Math.Max(mostNanoCpus, nanoCpus), Math.Max(mostMemory, memory));
            }
        }

        var demand = group.Claim.Demand;
        var lacksNanoCpus = demand.NanoCpus > 0 ? Math.Max(0, demand.NanoCpus - node.FreeNanoCpus) : 0;
        var lacksMemory = demand.MemoryBytes > 0 ? Math.Max(0, demand.MemoryBytes - node.FreeMemoryBytes) : 0;
        if (lowest == int.MaxValue || allNanoCpus < lacksNanoCpus || allMemory < lacksMemory)
        {
            return null;
        }

        var count = (int)Math.Max(1, Math.Max(Times(lacksNanoCpus, mostNanoCpus), Times(lacksMemory, mostMemory)));
        return new VictimCost(lowest, count, lowest * count);
    }

    /// <returns>Null: not even without all of them.</returns>
    public static Victims? Find(TaskGroup group, NodeState node)
    {
        if (Fits(group, node))
        {
            return Victims.Of([]);
        }

        var lower = node.Tasks
            .Where(task => IsLower(task.Value, group))
            .OrderBy(task => task.Value.Priority).ThenByDescending(task => task.Key, StringComparer.Ordinal)
            .ToList();
        if (lower.Count == 0 || !FitsWithout(group, node, lower))
        {
            return null;
        }

        foreach (var top in lower.Select(task => task.Value.Priority).Distinct())
        {
            var candidates = lower.TakeWhile(task => task.Value.Priority <= top).ToList();
            if (FitsWithout(group, node, candidates))
            {
                return Victims.Of(Fewest(group, node, candidates, AtLeast(group, node)!.Value.Count));
            }
        }

        return null;
    }

    private static List<KeyValuePair<string, Claim>> Fewest(TaskGroup group, NodeState node, List<KeyValuePair<string, Claim>> candidates, int atLeast)
    {
        if (atLeast <= 1 && candidates.FindIndex(task => FitsWithout(group, node, [task])) is var one and >= 0)
        {
            return [candidates[one]];
        }

        for (var i = 0; i < candidates.Count && candidates.Count <= MaxForPairs && atLeast <= 2; i++)
        {
            for (var j = i + 1; j < candidates.Count; j++)
            {
                if (FitsWithout(group, node, [candidates[i], candidates[j]]))
                {
                    return [candidates[i], candidates[j]];
                }
            }
        }

        return Greedy(group, node, candidates);
    }

    private static List<KeyValuePair<string, Claim>> Greedy(TaskGroup group, NodeState node, List<KeyValuePair<string, Claim>> candidates)
    {
        var chosen = new List<KeyValuePair<string, Claim>>();
        foreach (var task in candidates.OrderByDescending(task => Frees(group, node, task.Value)))
        {
            chosen.Add(task);
            if (FitsWithout(group, node, chosen))
            {
                break;
            }
        }

        foreach (var task in chosen.OrderByDescending(task => task.Value.Priority).ThenBy(task => task.Key, StringComparer.Ordinal).ToList())
        {
            var others = chosen.Where(other => other.Key != task.Key).ToList();
            chosen = FitsWithout(group, node, others) ? others : chosen;
        }

        return chosen;
    }

    /// <summary>The share of what is lacking.</summary>
    private static double Frees(TaskGroup group, NodeState node, Claim claim)
    {
        var demand = group.Claim.Demand;
        return Part(claim.Demand.NanoCpus, demand.NanoCpus - node.FreeNanoCpus) + Part(claim.Demand.MemoryBytes, demand.MemoryBytes - node.FreeMemoryBytes)
            + demand.Generic.Sum(pair => Part(claim.Demand.Generic.GetValueOrDefault(pair.Key), pair.Value - node.FreeGeneric(pair.Key)))
            + (claim.Ports.Any(port => group.Claim.Ports.Any(port.ConflictsWith)) ? 1 : 0);
    }

    /// <summary>Never one that the group must be with: it would go where it may not be without it.</summary>
    private static bool IsLower(Claim claim, TaskGroup group) =>
        claim.MayBePreempted && claim.Priority < group.Claim.Priority
        && (group.ServiceAffinities.Count == 0 || !MustBeWith(group, claim));

    private static bool MustBeWith(TaskGroup group, Claim claim) =>
        group.ServiceAffinities.Any(affinity => affinity is { Hard: true, Weight: > 0 } && affinity.Service == claim.Service);

    private static long Times(long lacking, long each) => each > 0 ? (lacking + each - 1) / each : 0;

    private static double Part(long freed, long lacking) => lacking > 0 ? Math.Min(1, (double)freed / lacking) : 0;

    private static bool FitsWithout(TaskGroup group, NodeState node, List<KeyValuePair<string, Claim>> tasks)
    {
        var demand = group.Claim.Demand;
        if (group.Claim.Ports.Count > 0 || demand.Generic.Count > 0 || demand.DeviceIds.Count > 0)
        {
            return Fits(group, node.Without(tasks.Select(task => task.Key)));
        }

        var (nanoCpus, memory, pids) = (demand.NanoCpus - node.FreeNanoCpus, demand.MemoryBytes - node.FreeMemoryBytes, demand.Pids - node.FreePids);
        foreach (var (_, claim) in tasks)
        {
            nanoCpus -= claim.Demand.NanoCpus;
            memory -= claim.Demand.MemoryBytes;
            pids -= claim.Demand.Pids;
        }

        return (nanoCpus <= 0 || demand.NanoCpus == 0) && (memory <= 0 || demand.MemoryBytes == 0) && (pids <= 0 || demand.Pids == 0);
    }

    private static bool Fits(TaskGroup group, NodeState node) => NodeFilters.Capacity.Room(group, node) > 0;
}
