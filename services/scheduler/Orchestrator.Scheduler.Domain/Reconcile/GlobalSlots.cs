namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>The slots of a global service: one for each node, with a number that stays for people to call it by.</summary>
public static class GlobalSlots
{
    /// <param name="nodeIds">Nodes that have or shall have a task.</param>
    /// <param name="tasks">Of every stored task its node and the number it was given.</param>
    /// <returns>The number of each node. Where two nodes were given the same, the smaller id keeps it.</returns>
    public static IReadOnlyDictionary<string, int> Number(IEnumerable<string> nodeIds, IEnumerable<(string NodeId, int Slot)> tasks)
    {
        var given = tasks.GroupBy(task => task.NodeId, StringComparer.Ordinal).ToDictionary(node => node.Key, node => node.Min(task => task.Slot), StringComparer.Ordinal);
        var nodes = nodeIds.Concat(given.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var taken = new HashSet<int>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in nodes.Where(node => given.TryGetValue(node, out var number) && taken.Add(number)))
        {
            numbers[node] = given[node];
        }

        var next = 1;
        foreach (var node in nodes.Where(node => !numbers.ContainsKey(node)))
        {
            while (!taken.Add(next))
            {
                next++;
            }

            numbers[node] = next;
        }

        return numbers;
    }
}
