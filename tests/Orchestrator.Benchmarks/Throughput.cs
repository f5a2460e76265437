using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>Many tasks at once: accepted, stored, delivered, reported as running, stored again; everything on this machine.</summary>
internal static class Throughput
{
    private const string Name = "throughput";
    private const int WholeTasks = 50_000;
    private const int Apps = 10;

    /// <summary>Until all that follows from so many nodes joining at once is over.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var given = new Options(options);
        var (tasks, services, only) = (given.Number("--tasks", WholeTasks), given.Number("--services", 100), given.Text("--store"));
        var sizes = given.Number("--nodes", 0) is > 0 and var nodes ? [nodes] : new[] { 1_000, 5_000 };
        var met = true;
        foreach (var size in sizes)
        {
            if (only is null or "sqlite")
            {
                met &= await CaseAsync(size, tasks, services, mongo: false);
            }

            if (only is "mongo" || (only is null && size == sizes[0]))
            {
                await CaseAsync(size, tasks, services, mongo: true);
            }
        }

        return met;
    }

    private static async Task<bool> CaseAsync(int nodes, int tasks, int services, bool mongo)
    {
        await using var stage = await ScaleStage.TryStartAsync(nodes, mongo);
        if (stage is null)
        {
            return false;
        }

        // What is compiled and connected at the first use is not what is measured.
        await stage.DeployAsync("warm", apps: 1, services: 2, replicas: 20);
        await stage.RunningAsync(40);
        await Task.Delay(Settle, TimeProvider.System);
        var idleBefore = await stage.Counts.ReadAsync();
        await Task.Delay(BusCounts.StatisticsDelay, TimeProvider.System);
        var before = await stage.Counts.ReadAsync();
        var (calls, messages) = (await stage.Counts.CallsAsync(), await stage.Counts.MessagesByExchangeAsync());
        var (cpu, allocated) = (stage.Cpu(), await stage.Counts.SumAsync("dotnet_gc_heap_total_allocated"));

        var start = TimeProvider.System.GetTimestamp();
        await stage.DeployAsync("bench", Apps, services / Apps, tasks / services);
        await stage.RunningAsync(tasks + 40);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        var used = stage.Cpu().ToDictionary(process => process.Key, process => process.Value - cpu[process.Key]);
        allocated = await stage.Counts.SumAsync("dotnet_gc_heap_total_allocated") - allocated;
        await Task.Delay(BusCounts.StatisticsDelay, TimeProvider.System);
        var after = await stage.Counts.ReadAsync();
        await SayAsync("store calls", calls, await stage.Counts.CallsAsync());
        await SayAsync("messages", messages, await stage.Counts.MessagesByExchangeAsync());

        // What goes on all the time is taken off.
        var share = (seconds + BusCounts.StatisticsDelay.TotalSeconds) / BusCounts.StatisticsDelay.TotalSeconds;
        var suffix = mongo ? "-mongo" : "";
        var counted = nodes == 1_000 && !mongo && tasks == WholeTasks;
        var met = new Figure(Name, $"rate-{nodes}{suffix}", Math.Round(tasks / seconds), "tasks/s", counted ? 2_000 : null, "higher").Print();
        var of = nodes == 1_000 ? suffix : $"-{nodes}{suffix}";
        met &= Print("messages-per-task" + of, (after.Messages - before.Messages - ((before.Messages - idleBefore.Messages) * share)) / tasks, "1", counted ? 0.2 : null);
        met &= Print("roundtrips-per-task" + of, (after.Calls - before.Calls - ((before.Calls - idleBefore.Calls) * share)) / tasks, "1", counted ? 0.05 : null);
        Print("bytes-per-task" + of, allocated / tasks, "B", null);
        Print("cpu-ms-per-task" + of, used.Values.Sum() * 1000 / tasks, "ms", null);
        foreach (var (process, cpuSeconds) in used)
        {
            Print($"cpu-share-{process}{of}", 100 * cpuSeconds / used.Values.Sum(), "%", null);
        }

        return met;
    }

    private static async Task SayAsync(string what, IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after) =>
        await Console.Error.WriteLineAsync($"{what}: " + string.Join(", ", after
            .Select(entry => (entry.Key, Count: entry.Value - before.GetValueOrDefault(entry.Key))).Where(entry => entry.Count > 0)
            .OrderByDescending(entry => entry.Count).Take(40).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Count}"))));

    private static bool Print(string of, double value, string unit, double? gate) => new Figure(Name, of, Math.Round(value, 4), unit, gate, "lower").Print();
}
