using System.Globalization;

namespace Orchestrator.Benchmarks;

/// <summary>Nodes that are found lost though they live: with all processors busy, and agents that stand still for 2 s again and again.</summary>
internal static class FalsePositives
{
    private const string Name = "false-positives";
    private const double DefaultMinutes = 10;
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(8);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var minutes = options is ["--minutes", var text] ? double.Parse(text, CultureInfo.InvariantCulture) : DefaultMinutes;
        if (await Cluster.MissingAsync() is { } missing)
        {
            await Console.Error.WriteLineAsync(missing);
            return false;
        }

        await using var cluster = await Cluster.StartAloneAsync(new ClusterShape { Agents = 4 });
        using var end = new CancellationTokenSource();
        var burners = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => Burn(end.Token)) { IsBackground = true, Priority = ThreadPriority.Normal }).ToList();
        burners.ForEach(thread => thread.Start());
        var until = TimeProvider.System.GetUtcNow().AddMinutes(minutes);
        for (var round = 0; TimeProvider.System.GetUtcNow() < until; round++)
        {
            var agent = cluster.Agents[round % cluster.Agents.Count];
            await agent.FreezeAsync();
            await Task.Delay(Frozen, TimeProvider.System);
            await agent.ThawAsync();
            await Task.Delay(Between, TimeProvider.System);
        }

        await end.CancelAsync();
        new Figure(Name, "node-suspect", await CountAsync(cluster, "node-suspect"), "events", null, "lower").Print();
        return new Figure(Name, "node-lost", await CountAsync(cluster, "node-lost"), "events", 0, "lower").Print();
    }

    private static async Task<int> CountAsync(Cluster cluster, string type) => (await cluster.Api.ListAsync($"events?type={type}&limit=1000")).Count;

    private static void Burn(CancellationToken cancellation)
    {
        var x = 1.0;
        while (!cancellation.IsCancellationRequested)
        {
            x = Math.Sqrt(x + 1);
        }
    }
}
