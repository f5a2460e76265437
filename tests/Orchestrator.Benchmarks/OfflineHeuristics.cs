using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Benchmarks;

/// <summary>
/// How others pack when they know all tasks beforehand. First-fit decreasing (FFD) takes tasks by size and gives each to the first machine with room;
/// the other two (Panigrahy and others, 2011) fill one machine after another, each time with the task that suits what is left of it.
/// Sizes are shares of the mean machine.
/// </summary>
internal sealed class OfflineHeuristics
{
    public static readonly IReadOnlyList<string> Names = ["FFD by sum", "FFD by largest dimension", "dot-product", "norm-based"];

    private readonly Size[] _tasks;
    private readonly Size[] _machines;
    private readonly Size _weights;

    private readonly record struct Size(double Cpu, double Memory)
    {
        // Sums of shares in another order differ in the last places.
        private const double Tolerance = 1e-9;

        public bool FitsInto(Size free) => Cpu <= free.Cpu + Tolerance && Memory <= free.Memory + Tolerance;

        public Size Less(Size other) => new(Cpu - other.Cpu, Memory - other.Memory);
    }

    public OfflineHeuristics(PackingTrace trace)
    {
        var (cpus, memory) = (trace.Machines.Average(machine => machine.Cpus), trace.Machines.Average(machine => (double)machine.MemoryBytes));
        _tasks = [.. trace.Tasks.Select(task => new Size(task.Cpus / cpus, task.MemoryBytes / memory))];
        _machines = [.. trace.Machines.Select(machine => new Size(machine.Cpus / cpus, machine.MemoryBytes / memory))];

        // What is scarce counts more.
        _weights = new(_tasks.Average(task => task.Cpu), _tasks.Average(task => task.Memory));
    }

    /// <returns>Whether all tasks find room on so many machines.</returns>
    public bool Fits(string name, int machines) => name switch
    {
        "FFD by sum" => FirstFit(_tasks.OrderByDescending(task => task.Cpu + task.Memory), machines),
        "FFD by largest dimension" => FirstFit(_tasks.OrderByDescending(task => Math.Max(task.Cpu, task.Memory)), machines),
        "dot-product" => Fill(machines, (task, free) => (_weights.Cpu * task.Cpu * free.Cpu) + (_weights.Memory * task.Memory * free.Memory)),
        _ => Fill(machines, (task, free) => -(_weights.Cpu * Square(free.Cpu - task.Cpu)) - (_weights.Memory * Square(free.Memory - task.Memory))),
    };

    /// <summary>What Docker Swarm does: tasks as they come, each to the machine with the fewest.</summary>
    public bool FitsByFewestTasks(int machines)
    {
        var free = _machines.AsSpan(0, machines).ToArray();
        var counts = new int[machines];
        foreach (var task in _tasks)
        {
            var best = -1;
            for (var i = 0; i < free.Length; i++)
            {
                if ((best < 0 || counts[i] < counts[best]) && task.FitsInto(free[i]))
                {
                    best = i;
                }
            }

            if (best < 0)
            {
                return false;
            }

            free[best] = free[best].Less(task);
            counts[best]++;
        }

        return true;
    }

    private bool FirstFit(IEnumerable<Size> tasks, int machines)
    {
        var free = _machines.AsSpan(0, machines).ToArray();
        foreach (var task in tasks)
        {
            var first = Array.FindIndex(free, machine => task.FitsInto(machine));
            if (first < 0)
            {
                return false;
            }

            free[first] = free[first].Less(task);
        }

        return true;
    }

    private bool Fill(int machines, Func<Size, Size, double> suits)
    {
        var left = _tasks.ToArray();
        var count = left.Length;
        for (var machine = 0; machine < machines && count > 0; machine++)
        {
            var free = _machines[machine];
            while (true)
            {
                var (best, most) = (-1, double.NegativeInfinity);
                for (var i = 0; i < count; i++)
                {
                    if (left[i].FitsInto(free) && suits(left[i], free) is var value && value > most)
                    {
                        (best, most) = (i, value);
                    }
                }

                if (best < 0)
                {
                    break;
                }

                free = free.Less(left[best]);
                left[best] = left[--count];
            }
        }

        return count == 0;
    }

    private static double Square(double value) => value * value;
}
