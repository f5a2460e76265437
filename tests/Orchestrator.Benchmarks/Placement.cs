using System.Diagnostics;
using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Constraints;
using Orchestrator.Scheduler.Domain.Placement.Preemption;
using Cluster = Orchestrator.Scheduler.Domain.Placement.Cluster;

namespace Orchestrator.Benchmarks;

/// <summary>
/// The placement engine alone, on one core: 5,000 nodes of 3 shapes in 3 zones and 50 racks, empty and 80 % full. What is placed stays:
/// each group finds the cluster as those before it have left it.
/// </summary>
internal static class Placement
{
    private const string Name = "placement";
    private const int Nodes = 5000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);
    private const int Services = 100;
    private const double FullShare = 0.8;
    private static readonly (double Cpus, long MemoryBytes)[] Shapes = [(16, 64L << 30), (32, 128L << 30), (64, 256L << 30)];
    private static readonly NodeAttribute Zone = NodeAttribute.Parse("node.labels.zone")!;
    private static readonly NodeAttribute Node = NodeAttribute.Parse("node.id")!;

    private sealed record Case(string Name, double Gate, int Groups, int Tasks, Func<int, TaskGroup> Group);

    private static readonly Case[] Cases =
    [
        new("plain-groups", 300_000, Services, 500, Plain),
        new("plain-single", 50_000, 20_000, 1, Plain),
        new("constraints", 10_000, Services, 100, i => Plain(i) with
        {
            Constraints = [Constraint("node.labels.disk==ssd"), Constraint("node.labels.zone in a,b"), Constraint("node.hostname ~= ^host-[0-9]+$"), Constraint($"node.labels.rack!=r{i % 50}")],
        }),
        new("spread-zones", 10_000, Services, 100, i => Plain(i) with
        {
            Preferences = [new SpreadPreference(Zone, 1, Hard: true), new SpreadPreference(NodeAttribute.Parse("node.labels.rack")!)],
        }),
        new("anti-affinity", 10_000, Services, 100, i => Plain(i) with
        {
            ServiceAffinities = [new ServiceAffinity(Service(i), Service(i), Node, -100, Hard: true), new ServiceAffinity(Service(i + 1), Service(i + 1), Zone, -50)],
        }),
        new("affinity", 10_000, Services, 100, i => Plain(i) with
        {
            Affinities = [new AttributeAffinity(Constraint("node.labels.disk==ssd"), 60), new AttributeAffinity(Constraint("node.labels.zone==c"), -30)],
            ServiceAffinities = [new ServiceAffinity(Service(i), Service(i), Zone, 100, Hard: true), new ServiceAffinity(Service(i - 1), Service(i - 1), Node, 50)],
        }),
        new("mixed-preemption", 10_000, Services, 100, i => Plain(i) with
        {
            Claim = Plain(i).Claim with { Priority = 60 + (i % 40), Demand = new Demand(i % 4 == 0 ? 8 : 1, 4L << 30) },
            Preemption = PreemptionMode.Lower,
            Preferences = i % 3 == 0 ? [new SpreadPreference(Zone)] : [],
            Constraints = i % 3 == 1 ? [Constraint("node.labels.disk==ssd")] : [],
        }),
    ];

    public static Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var met = true;
        foreach (var test in Cases.Where(test => options is not ["--case", var only] || only == test.Name))
        {
            foreach (var full in test.Name == "mixed-preemption" ? [1.0] : (double[])[0, FullShare])
            {
                // The first times are for the compiler, which looks in the background after what runs often.
                var start = Stopwatch.GetTimestamp();
                do
                {
                    Run(test, full, print: false);
                }
                while (Stopwatch.GetElapsedTime(start) < WarmUp);

                met &= Run(test, full, print: true);
            }
        }

        return Task.FromResult(met);
    }

    /// <returns>Whether the gate is met.</returns>
    private static bool Run(Case test, double full, bool print)
    {
        var groups = test.Groups;
        var cluster = Fill(full);
        var planner = new PlacementPlanner(new PlacementOptions());
        var ids = Enumerable.Range(0, groups * test.Tasks).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        GC.Collect();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var (allocated, start, placed, nominated) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp(), 0, 0);
        for (var i = 0; i < groups; i++)
        {
            var group = test.Group(i);
            var result = planner.Place(group, test.Tasks, cluster);
            for (var j = 0; j < result.NodeIds.Count; j++)
            {
                cluster.Add(result.NodeIds[j], ids[(i * test.Tasks) + j], group.Claim);
            }

            foreach (var (j, nomination) in result.Nominations.Index())
            {
                foreach (var victim in nomination.Victims)
                {
                    cluster.Remove(nomination.NodeId, victim);
                }

                cluster.Add(nomination.NodeId, ids[(i * test.Tasks) + result.NodeIds.Count + j], group.Claim);
            }

            placed += result.NodeIds.Count + result.Nominations.Count;
            nominated += result.Nominations.Count;
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (!print)
        {
            return true;
        }

        var suffix = full is > 0 and < 1 ? "-full" : "";
        Console.Error.WriteLine($"{test.Name}{suffix}: {placed} of {groups * test.Tasks} tasks, {nominated} by preemption, in {seconds:0.000} s, {processor.TotalSeconds:0.000} s of processor time");
        new Figure(Name, test.Name + suffix + "-bytes", Math.Round((double)bytes / Math.Max(1, placed)), "bytes/task", null, "lower").Print();
        return new Figure(Name, test.Name + suffix, Math.Round(placed / seconds), "tasks/s", test.Gate, "higher").Print();
    }

    private static Cluster Fill(double full)
    {
        var cluster = new Cluster(Enumerable.Range(0, Nodes).Select(Snapshot));
        var filler = new Claim { Service = "filler", Demand = new Demand(1, 4L << 30), Priority = 10 };
        foreach (var node in cluster.Nodes)
        {
            // Not all alike: from a little less full to a little more.
            var share = full + (full is > 0 and < 1 ? ((node.Node.Id[^1] % 16) - 7.5) / 100 : 0);
            for (var i = 0; i < node.Node.Cpus * share; i++)
            {
                cluster.Add(node.Node.Id, $"filler-{i}", filler);
            }
        }

        return cluster;
    }

    private static NodeSnapshot Snapshot(int i) => new()
    {
        Id = i.ToString("x8", CultureInfo.InvariantCulture),
        Name = $"host-{i}",
        Cpus = Shapes[i % 3].Cpus,
        MemoryBytes = Shapes[i % 3].MemoryBytes,
        Labels = new Dictionary<string, string>
        {
            ["zone"] = ((char)('a' + (i / 3 % 3))).ToString(),
            ["rack"] = $"r{i % 50}",
            ["disk"] = i % 4 == 0 ? "hdd" : "ssd",
        },
    };

    private static TaskGroup Plain(int i) => new()
    {
        Claim = new Claim { Service = Service(i), Demand = new Demand(0.1 * (1 + (i % 10)), (128L << 20) * (1 + (i % 7))) },
    };

    private static string Service(int i) => $"app/service-{(i + Services) % Services}";

    private static Constraint Constraint(string text) => ConstraintParser.Parse(text).Constraint!;
}
