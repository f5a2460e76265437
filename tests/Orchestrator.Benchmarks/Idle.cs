namespace Orchestrator.Benchmarks;

/// <summary>What the four services cost, each a process of its own, while ten containers run and nothing happens. Broker and database apart.</summary>
internal static class Idle
{
    /// <summary>A service whose containers do nothing.</summary>
    public const string Compose = """
        services:
          idle:
            image: orch-test:1
            pull_policy: never
            entrypoint: ["/bin/busybox", "sleep", "1000000"]
            command: []
            stop_grace_period: 0s
        """;

    private const string Name = "idle";
    private const int Containers = 10;

    /// <summary>What started still compiles what it calls often; that is not what standing still costs.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(60);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        if (await Cluster.MissingAsync() is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return false;
        }

        await Engine.ImageAsync(1);
        await using var cluster = await Cluster.StartAloneAsync();
        await cluster.Api.DeployAsync("bench", Compose);
        await cluster.Api.ScaleAsync("bench", "idle", Containers);
        await cluster.Api.RunningAsync("bench", "idle", Containers);
        await cluster.Api.ConvergedAsync("bench", "idle");
        await Task.Delay(Settle, TimeProvider.System);

        var before = cluster.All.ToDictionary(service => service, service => ProcessUse.CpuSeconds(service.Id));
        await Task.Delay(Watched, TimeProvider.System);
        var used = cluster.All.ToDictionary(service => service, service => ProcessUse.CpuSeconds(service.Id) - before[service]);
        foreach (var service in cluster.All)
        {
            var name = service.Name.Replace("Orchestrator.", "", StringComparison.Ordinal);
            new Figure(Name, "rss-" + Kebab(name), Math.Round(ProcessUse.ResidentBytes(service.Id) / 1048576.0, 1), "MiB", null, "lower").Print();
            new Figure(Name, "cpu-percent-" + Kebab(name), Percent(used[service]), "%", null, "lower").Print();
        }

        return new Figure(Name, "cpu-percent", Percent(used.Values.Sum()), "%", 3, "lower").Print();
    }

    private static double Percent(double cpuSeconds) => Math.Round(100 * cpuSeconds / Watched.TotalSeconds, 2);

    public static string Kebab(string name) => string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
