using System.Globalization;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Cluster = Orchestrator.Scheduler.Domain.Placement.Cluster;

namespace Orchestrator.Benchmarks;

/// <summary>
/// How few machines the placement engine needs: Borg's cell compaction. Machines are taken away in random order as long as the whole trace, handed over in one
/// pass, still fits into those that are left. 11 seeds; of each seed the engine is held against the best of four heuristics on the same machines.
/// </summary>
internal static class Packing
{
    private const string Name = "packing";
    private const int Seeds = 11;
    private const double Part = 0.9;
    private const double OverBestGate = 2;
    private static readonly Func<int, PackingTrace>[] Traces = [PackingTrace.LogNormal, PackingTrace.Opposites, PackingTrace.PowersOfTwo];

    private sealed record Sizes(int Engine, int Best, int Bound, int FewestTasks)
    {
        public double OverBest => Percent(Engine, Best);
        public double OverBound => Percent(Engine, Bound);

        private static double Percent(int value, int of) => 100.0 * (value - of) / of;
    }

    public static Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var seeds = new Options(options).Number("--seeds", Seeds);
        var all = new List<Sizes>();
        var worst = double.NegativeInfinity;
        foreach (var trace in Traces)
        {
            var sizes = Enumerable.Range(1, seeds).Select(seed => Compact(trace(seed), seed)).ToList();
            var name = trace(1).Name;
            var over = P90(sizes, size => size.OverBest);
            worst = Math.Max(worst, over);
            all.AddRange(sizes);
            Print("over-best-p90-" + name, over, "%", null, "lower");
            Print("over-bound-p90-" + name, P90(sizes, size => size.OverBound), "%", null, "lower");
            Print("nodes-p90-" + name, P90(sizes, size => size.Engine), "nodes", null, "lower");
            PrintFewest("-" + name, sizes);
        }

        PrintFewest("", all);
        return Task.FromResult(Print("over-best-p90", worst, "%", OverBestGate, "lower"));
    }

    private static double P90(List<Sizes> sizes, Func<Sizes, double> value) =>
        sizes.Select(value).Order().ElementAt((int)Math.Ceiling(Part * sizes.Count) - 1);

    /// <summary>The second figure is the most that anybody could save: what tasks would that are liquid.</summary>
    private static void PrintFewest(string suffix, List<Sizes> sizes)
    {
        Print("under-fewest-tasks" + suffix, Statistics.Median(sizes.Select(size => Under(size.Engine, size))), "%", null, "higher");
        Print("bound-under-fewest-tasks" + suffix, Statistics.Median(sizes.Select(size => Under(size.Bound, size))), "%", null, "higher");

        static double Under(int value, Sizes size) => 100.0 * (size.FewestTasks - value) / size.FewestTasks;
    }

    private static bool Print(string name, double value, string unit, double? gate, string better) => new Figure(Name, name, Math.Round(value, 2), unit, gate, better).Print();

    private static Sizes Compact(PackingTrace trace, int seed)
    {
        var bound = LinearBound(trace);
        var heuristics = new OfflineHeuristics(trace);
        var others = OfflineHeuristics.Names.Select(name => Of(machines => heuristics.Fits(name, machines))).ToList();
        var sizes = new Sizes(Of(machines => EngineFits(trace, machines)), others.Min(), bound, Of(heuristics.FitsByFewestTasks));
        Console.Error.WriteLine(
            $"{trace.Name}, seed {seed}: engine {sizes.Engine}, {string.Join(", ", OfflineHeuristics.Names.Zip(others, (name, size) => $"{name} {size}"))}, at least {bound}, fewest tasks first {sizes.FewestTasks}");
        return sizes;

        int Of(Func<int, bool> fits) => Fewest(bound, trace.Machines.Count, fits);
    }

    /// <summary>As many machines as have the CPUs and the memory of all tasks together, were tasks liquid.</summary>
    private static int LinearBound(PackingTrace trace)
    {
        var (cpus, memory) = (trace.Tasks.Sum(task => task.Cpus), trace.Tasks.Sum(task => (double)task.MemoryBytes));
        var machines = 0;
        for (; cpus > 0 || memory > 0; machines++)
        {
            (cpus, memory) = (cpus - trace.Machines[machines].Cpus, memory - trace.Machines[machines].MemoryBytes);
        }

        return machines;
    }

    /// <summary>More machines never make it fit worse, as good as never: found by halving.</summary>
    /// <param name="most">Where it never fits: all machines there are.</param>
    private static int Fewest(int bound, int most, Func<int, bool> fits)
    {
        var (too, enough, step) = (bound - 1, bound, 1);
        while (enough < most && !fits(enough))
        {
            (too, enough, step) = (enough, Math.Min(most, enough + step), step * 2);
        }

        while (enough - too > 1)
        {
            var middle = (too + enough) / 2;
            (too, enough) = fits(middle) ? (too, middle) : (middle, enough);
        }

        return enough;
    }

    private static bool EngineFits(PackingTrace trace, int machines)
    {
        var cluster = new Cluster(trace.Machines.Take(machines).Select((machine, i) => new NodeSnapshot
        {
            Id = i.ToString("x8", CultureInfo.InvariantCulture),
            Name = $"host-{i}",
            Cpus = machine.Cpus,
            MemoryBytes = machine.MemoryBytes,
        }));
        var batch = trace.Tasks.CountBy(task => (task.Cpus, task.MemoryBytes)).Select(equal => new AskingGroup(
            new TaskGroup { Claim = new Claim { Service = FormattableString.Invariant($"{equal.Key.Cpus}-{equal.Key.MemoryBytes}"), Demand = new Demand(equal.Key.Cpus, equal.Key.MemoryBytes) } },
            equal.Value)).ToList();
        var results = new PlacementPlanner(new PlacementOptions { Strategy = PlacementStrategy.Binpack, ExplainedTasks = 0 }).PlaceBatch(batch, cluster);
        return results.Sum(result => result.NodeIds.Count) == trace.Tasks.Count;
    }
}
