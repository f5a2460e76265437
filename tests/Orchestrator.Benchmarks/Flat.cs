using System.Diagnostics;
using System.Globalization;
using Orchestrator.Scheduler.Domain.Placement;
using Cluster = Orchestrator.Scheduler.Domain.Placement.Cluster;

namespace Orchestrator.Benchmarks;

/// <summary>
/// What a decision of the placement engine costs must not depend on how much is placed, and hardly on how many nodes there are. Both sides in turns, A-B-B-A; of
/// each the best round counts, the one in which the machine did the least besides.
/// </summary>
internal static class Flat
{
    private const string Name = "flat";
    private const int Rounds = 20;
    private const int Few = 1000;
    private const int Many = 1_000_000;
    private const int TasksOfService = 1000;
    private const int Groups = 100;
    private const int TasksOfGroup = 100;
    private const int Decisions = 20_000;
    private const int Demands = 70;
    private const int TasksPerNode = 8;
    private static readonly (double Cpus, long MemoryBytes)[] Shapes = [(16, 64L << 30), (32, 128L << 30), (64, 256L << 30)];
    private static readonly PlacementPlanner Planner = new(new PlacementOptions());

    public static Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var met = RateRatio();
        return Task.FromResult(met & LatencyRatio());
    }

    private static bool RateRatio()
    {
        var (few, many) = InTurns(Filled(5000, Few), Filled(5000, Many), Rate, Enumerable.Max);
        Print("rate-1000-placed", Math.Round(few), "tasks/s", null, "higher");
        Print("rate-1000000-placed", Math.Round(many), "tasks/s", null, "higher");
        return Print("rate-ratio", Math.Round(many / few, 3), "", 0.9, "higher");
    }

    private static bool LatencyRatio()
    {
        var (small, large) = InTurns(Filled(100, 100 * TasksPerNode), Filled(10_000, 10_000 * TasksPerNode), P99, Enumerable.Min);
        Print("p99-100-nodes", Math.Round(small, 1), "us", null, "lower");
        Print("p99-10000-nodes", Math.Round(large, 1), "us", null, "lower");
        return Print("p99-ratio", Math.Round(large / small, 2), "", 3, "lower");
    }

    private static bool Print(string name, double value, string unit, double? gate, string better) => new Figure(Name, name, value, unit, gate, better).Print();

    private static (double One, double Other) InTurns(Cluster one, Cluster other, Func<Cluster, double> measure, Func<IEnumerable<double>, double> best)
    {
        var (ones, others) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (cluster, values) in round % 2 == 0 ? [(one, ones), (other, others)] : ((Cluster, List<double>)[])[(other, others), (one, ones)])
            {
                GC.Collect();
                values.Add(measure(cluster));
            }
        }

        return (best(ones), best(others));
    }

    /// <returns>Tasks placed in a second, group by group; they are taken away again.</returns>
    private static double Rate(Cluster cluster)
    {
        var ids = Enumerable.Range(0, Groups * TasksOfGroup).Select(i => "new-" + i.ToString(CultureInfo.InvariantCulture)).ToArray();
        var nodeOf = new List<string>(ids.Length);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Groups; i++)
        {
            var group = Group("new", i, 1);
            foreach (var nodeId in Planner.Place(group, TasksOfGroup, cluster).NodeIds)
            {
                cluster.Add(nodeId, ids[nodeOf.Count], group.Claim);
                nodeOf.Add(nodeId);
            }
        }

        var rate = nodeOf.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Trace.Assert(nodeOf.Count == ids.Length, "all tasks have room");
        foreach (var (id, nodeId) in ids.Zip(nodeOf))
        {
            cluster.Remove(nodeId, id);
        }

        return rate;
    }

    /// <returns>Of what it takes to decide on one task, in microseconds. The oldest task goes for each that comes.</returns>
    private static double P99(Cluster cluster)
    {
        var times = new double[Decisions];
        var placed = new Queue<(string NodeId, string Id)>();
        for (var i = 0; i < Decisions; i++)
        {
            var (group, id) = (Group("new", i, 1), "new-" + i.ToString(CultureInfo.InvariantCulture));
            var start = Stopwatch.GetTimestamp();
            var result = Planner.Place(group, 1, cluster);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            cluster.Add(result.NodeIds[0], id, group.Claim);
            placed.Enqueue((result.NodeIds[0], id));
            if (placed.Count > Demands)
            {
                Remove(cluster, placed.Dequeue());
            }
        }

        while (placed.TryDequeue(out var task))
        {
            Remove(cluster, task);
        }

        return Statistics.Percentile(times, 0.99);
    }

    private static void Remove(Cluster cluster, (string NodeId, string Id) task) => cluster.Remove(task.NodeId, task.Id);

    /// <summary>So many tasks of services of a thousand, the same on every node.</summary>
    private static Cluster Filled(int nodes, int tasks)
    {
        var cluster = new Cluster(Enumerable.Range(0, nodes).Select(i => new NodeSnapshot
        {
            Id = i.ToString("x8", CultureInfo.InvariantCulture),
            Name = $"host-{i}",
            Cpus = Shapes[i % 3].Cpus,
            MemoryBytes = Shapes[i % 3].MemoryBytes,
        }));
        var ids = cluster.Nodes.Select(node => node.Node.Id).ToArray();
        for (var service = 0; service * TasksOfService < tasks; service++)
        {
            var claim = Group("placed", service, 0.1).Claim;
            for (var i = service * TasksOfService; i < Math.Min(tasks, (service + 1) * TasksOfService); i++)
            {
                cluster.Add(ids[i % nodes], i.ToString(CultureInfo.InvariantCulture), claim);
            }
        }

        return cluster;
    }

    private static TaskGroup Group(string name, int i, double scale) => new()
    {
        Claim = new Claim { Service = $"app/{name}-{i}", Demand = new Demand(0.1 * scale * (1 + (i % 10)), (long)(scale * (128L << 20)) * (1 + (i % 7))) },
    };
}
