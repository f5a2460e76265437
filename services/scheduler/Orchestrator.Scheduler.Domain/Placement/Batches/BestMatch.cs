namespace Orchestrator.Scheduler.Domain.Placement.Batches;

/// <summary>Which of several tasks goes best into what a node has left.</summary>
internal static class BestMatch
{
    /// <returns>Of those that fit the one whose demand is largest in the direction of what is free, the first of equals; null: none fits.</returns>
    public static BatchGroup? For(NodeState node, IReadOnlyList<BatchGroup> groups)
    {
        var (best, most) = ((BatchGroup?)null, double.NegativeInfinity);
        var cpu = Weight(node.FreeNanoCpus, node.AllocatableNanoCpus);
        var memory = Weight(node.FreeMemoryBytes, node.AllocatableMemoryBytes);
        for (var i = 0; i < groups.Count; i++)
        {
            var group = groups[i];
            var match = (group.NanoCpus * cpu) + (group.MemoryBytes * memory);
            if (match > most && group.Fills && group.FitsInto(node))
            {
                (best, most) = (group, match);
            }
        }

        return best;
    }

    /// <summary>For a demand: its share of the node, times the share that is free.</summary>
    private static double Weight(long free, long all) => all > 0 ? free / ((double)all * all) : 0;
}
