using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Benchmarks;

/// <summary>Tasks of a seeded trace, in the order in which they come, and the machines of its cell, in the order in which they are left when others are taken away.</summary>
internal sealed record PackingTrace(string Name, IReadOnlyList<Demand> Tasks, IReadOnlyList<(double Cpus, long MemoryBytes)> Machines)
{
    private const int Count = 10_000;
    private const double GiB = 1L << 30;
    private const long MiB = 1L << 20;
    private static readonly (double Cpus, long MemoryBytes)[] Shapes = [(16, 64L << 30), (16, 64L << 30), (32, 128L << 30), (32, 128L << 30), (64, 256L << 30)];

    /// <summary>CPU log-normal, median 0.5, σ 1.0; memory log-normal, median 1 GiB, σ 1.2; correlation 0.5.</summary>
    public static PackingTrace LogNormal(int seed) => Make("lognormal", seed, random =>
    {
        var (one, other) = Normal(random);
        return Rounded(0.5 * Math.Exp(one), Math.Exp(1.2 * ((0.5 * one) + (Math.Sqrt(0.75) * other))));
    });

    /// <summary>Half want memory (0.25 cores, 4 GiB), half CPU (4 cores, 2 GiB), each within 20 %.</summary>
    public static PackingTrace Opposites(int seed) => Make("opposites", seed, random =>
    {
        var (cpus, gib) = random.Next(2) == 0 ? (0.25, 4) : (4.0, 2);
        double Around() => 0.8 + (0.4 * random.NextDouble());
        return Rounded(cpus * Around(), gib * Around());
    });

    /// <summary>Powers of two, 0.125…8 cores with 1–8 GiB a core; every tenth task is half a machine.</summary>
    public static PackingTrace PowersOfTwo(int seed) => Make("powers-of-two", seed, random =>
    {
        if (random.Next(10) == 0)
        {
            var half = Shapes[random.Next(Shapes.Length)];
            return new Demand(half.Cpus / 2, half.MemoryBytes / 2);
        }

        var cpus = 0.125 * (1 << random.Next(7));
        return new Demand(cpus, (long)(cpus * random.Next(1, 9) * GiB));
    });

    private static PackingTrace Make(string name, int seed, Func<Random, Demand> task)
    {
        var random = new Random(seed);
        var tasks = Enumerable.Range(0, Count).Select(_ => task(random)).ToArray();

        // As many as tasks: whatever needs more than that packs nothing.
        var machines = Enumerable.Range(0, Count).Select(i => Shapes[i % Shapes.Length]).ToArray();
        random.Shuffle(machines);
        return new PackingTrace(name, tasks, machines);
    }

    /// <summary>As people write it: thousandths of a core and whole MiB, and no more than the largest machine has.</summary>
    private static Demand Rounded(double cpus, double gib) => new(
        Math.Clamp(Math.Round(cpus, 3), 0.001, Shapes[^1].Cpus),
        Math.Clamp((long)(gib * GiB) / MiB * MiB, MiB, Shapes[^1].MemoryBytes));

    private static (double One, double Other) Normal(Random random)
    {
        var (radius, angle) = (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), 2 * Math.PI * random.NextDouble());
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }
}
