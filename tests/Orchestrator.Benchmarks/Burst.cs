namespace Orchestrator.Benchmarks;

/// <summary>
/// From 0 to 30 replicas on one engine, against the best that a client of the engine's API can do with the same containers: rounds A-B-B-A in one run.
/// Processor time is that of the engine, measured in a control group, with ours added.
/// </summary>
internal static class Burst
{
    private const string Name = "burst";
    private const int Replicas = 30;

    /// <summary>The agent keeps this many ended containers of each slot, and removes more than that on the way back to none.</summary>
    private const int EndedKept = 5 * Replicas;
    private static readonly int[] Concurrencies = [1, 2, 4];

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var rounds = new Options(options).Number("--rounds", 5);
        if (!Engine.IsThere)
        {
            await Console.Error.WriteLineAsync(Engine.Missing);
            return false;
        }

        await Engine.ImageAsync(1);
        bool met;
        await using (var node = await SingleNode.StartAsync())
        {
            met = await CaseAsync("", node, rounds, gate: 1.10);
        }

        if (await Cluster.MissingAsync() is { } missing)
        {
            await Console.Error.WriteLineAsync(missing + ": the figures on separate services are left out");
            return met;
        }

        await using var cluster = await Cluster.StartAloneAsync();
        await CaseAsync("-mongo", cluster, rounds, gate: null);
        return met;
    }

    private static async Task<bool> CaseAsync(string suffix, IInstallation node, int rounds, double? gate)
    {
        await node.Api.DeployAsync("bench", Idle.Compose);
        var first = (await node.Api.RunningAsync("bench", "idle", 1))[0];
        var like = await Engine.InspectAsync(first.Text("containerId"));
        using var raw = new RawEngine();
        using var engine = new EngineCpu();

        // Warm, and which number at a time is the best here.
        await OursAsync(node, engine);
        var tried = new Dictionary<int, double>();
        foreach (var concurrency in Concurrencies.Concat(Concurrencies))
        {
            var seconds = (await RawAsync(raw, engine, like, concurrency)).Seconds;
            tried[concurrency] = Math.Min(seconds, tried.GetValueOrDefault(concurrency, double.MaxValue));
        }

        var best = tried.MinBy(entry => entry.Value).Key;
        var (a, b) = (new List<Sample>(), new List<Sample>());
        for (var round = 0; round < rounds; round++)
        {
            a.Add(await OursAsync(node, engine));
            b.Add(await RawAsync(raw, engine, like, best));
            b.Add(await RawAsync(raw, engine, like, best));
            a.Add(await OursAsync(node, engine));
        }

        await node.Api.RemoveAsync("bench");
        await node.Api.GoneAsync("bench");
        return Print(suffix, a, b, best, gate);
    }

    private static bool Print(string suffix, List<Sample> a, List<Sample> b, int best, double? gate)
    {
        var (time, cpu) = (Median(a, sample => sample.Seconds), Median(a, sample => sample.Cpu));
        var (rawTime, rawCpu) = (Median(b, sample => sample.Seconds), Median(b, sample => sample.Cpu));
        var met = new Figure(Name, "time-ratio" + suffix, Math.Round(time / rawTime, 3), "1", gate, "lower").Print();
        met &= new Figure(Name, "cpu-ratio" + suffix, Math.Round(cpu / rawCpu, 3), "1", gate, "lower").Print();
        new Figure(Name, "ours" + suffix, time, "s", null, "lower").Print();
        new Figure(Name, "raw" + suffix, rawTime, "s", null, "lower").Print();
        new Figure(Name, "ours-cpu" + suffix, cpu, "s", null, "lower").Print();
        new Figure(Name, "raw-cpu" + suffix, rawCpu, "s", null, "lower").Print();
        new Figure(Name, "raw-concurrency" + suffix, best, "1", null, "higher").Print();
        return met;
    }

    private static double Median(List<Sample> samples, Func<Sample, double> part) => Math.Round(Statistics.Median(samples.Select(part)), 2);

    /// <summary>The time from the request until the API shows all as running; the way back to none is not in it.</summary>
    private static async Task<Sample> OursAsync(IInstallation node, EngineCpu engine)
    {
        await node.Api.ScaleAsync("bench", "idle", 0);
        await node.Api.RunningAsync("bench", "idle", 0);
        await Until.IsAsync(() => Engine.ContainersAsync(all: false, "orchestrator.cluster=" + node.ClusterId), found => found.Count == 0, "no container runs");
        await Until.IsAsync(() => Engine.ContainersAsync(all: true, "orchestrator.cluster=" + node.ClusterId), found => found.Count <= EndedKept, "what ended is removed");
        var sample = await MeasureAsync(engine, node.ProcessIds, async () =>
        {
            await node.Api.ScaleAsync("bench", "idle", Replicas);
            await node.Api.RunningAsync("bench", "idle", Replicas);
        });
        return sample;
    }

    private static async Task<Sample> RawAsync(RawEngine raw, EngineCpu engine, System.Text.Json.JsonElement like, int concurrency)
    {
        IReadOnlyList<string> ids = [];
        var sample = await MeasureAsync(engine, [Environment.ProcessId], async () => ids = await raw.StartAsync(like, Replicas, concurrency));
        await raw.RemoveAsync(ids);
        return sample;
    }

    private static async Task<Sample> MeasureAsync(EngineCpu engine, IReadOnlyList<int> clients, Func<Task> work)
    {
        var time = TimeProvider.System;
        var (cpu, start) = (engine.Seconds() + clients.Sum(ProcessUse.CpuSeconds), time.GetTimestamp());
        await work();
        return new Sample(time.GetElapsedTime(start).TotalSeconds, engine.Seconds() + clients.Sum(ProcessUse.CpuSeconds) - cpu);
    }

    private sealed record Sample(double Seconds, double Cpu);
}
