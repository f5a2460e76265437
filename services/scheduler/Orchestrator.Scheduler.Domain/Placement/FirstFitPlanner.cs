using System.Globalization;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Each task goes to the first node that has room, in order of the share that is free; ties by id.</summary>
public sealed class FirstFitPlanner : IPlacementPlanner
{
    // What people write in decimals (0.1 three times in 0.3) must fit in binary too.
    private const double CpuTolerance = 1e-9;

    public PlacementResult Place(Demand demand, int count, IReadOnlyCollection<NodeSnapshot> nodes)
    {
        var open = new PriorityQueue<NodeSnapshot, (double Used, string Id)>(
            nodes.Where(node => Refusal(node, demand) is null).Select(node => (node, Rank(node))),
            Comparer<(double Used, string Id)>.Create((a, b) => a.Used != b.Used ? a.Used.CompareTo(b.Used) : string.CompareOrdinal(a.Id, b.Id)));
        var full = nodes.Where(node => Refusal(node, demand) is not null).ToDictionary(node => node.Id);
        var placed = new List<string>(count);
        while (placed.Count < count && open.TryDequeue(out var node, out _))
        {
            placed.Add(node.Id);
            var after = node with
            {
                ReservedCpus = node.ReservedCpus + demand.Cpus,
                ReservedMemoryBytes = node.ReservedMemoryBytes + demand.MemoryBytes,
            };
            if (Refusal(after, demand) is null)
            {
                open.Enqueue(after, Rank(after));
            }
            else
            {
                full[after.Id] = after;
            }
        }

        return new PlacementResult(placed, placed.Count == count ? [] : Reasons(full.Values, demand));
    }

    private static (double Used, string Id) Rank(NodeSnapshot node) => (
        Math.Max(Share(node.ReservedCpus, node.Cpus), Share(node.ReservedMemoryBytes, node.MemoryBytes)),
        node.Id);

    private static double Share(double reserved, double all) => all > 0 ? reserved / all : 1;

    private static string? Refusal(NodeSnapshot node, Demand demand)
    {
        if (node.Refuses is { } refusal)
        {
            return $"{node.Name} {refusal}";
        }

        var lacks = new List<string>(2);
        if (node.FreeCpus + CpuTolerance < demand.Cpus)
        {
            lacks.Add(string.Create(CultureInfo.InvariantCulture, $"{demand.Cpus - node.FreeCpus:0.###} CPUs"));
        }

        if (node.FreeMemoryBytes < demand.MemoryBytes)
        {
            lacks.Add(string.Create(CultureInfo.InvariantCulture, $"{(demand.MemoryBytes - node.FreeMemoryBytes) / 1048576.0:0.#} MiB"));
        }

        return lacks.Count == 0 ? null : $"{node.Name} lacks {string.Join(" and ", lacks)}";
    }

    private static IReadOnlyList<string> Reasons(IEnumerable<NodeSnapshot> refusing, Demand demand)
    {
        var reasons = refusing.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node => Refusal(node, demand)!).ToList();
        return reasons.Count > 0 ? reasons : ["there is no node; start a node agent"];
    }
}
