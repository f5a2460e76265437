namespace Orchestrator.Benchmarks;

/// <summary>
/// One more replica in an application that runs: the time from the request to scale until the API shows the task as
/// running, less the time that the agent itself spent inside the engine's create and start for that container.
/// </summary>
internal static class StartLatency
{
    private const string Name = "start-latency";
    private const int WarmUpRounds = 3;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        var rounds = new Options(options).Number("--rounds", 50);
        if (!Engine.IsThere)
        {
            await Console.Error.WriteLineAsync(Engine.Missing);
            return false;
        }

        await Engine.ImageAsync(1);
        bool met;
        await using (var node = await SingleNode.StartAsync())
        {
            met = await CaseAsync("", node, rounds, p50Gate: 40, p99Gate: 120);
        }

        await using var broker = await Broker.TryCreateAsync();
        if (broker is null)
        {
            await Console.Error.WriteLineAsync(Broker.Missing + ": the figures on it are left out");
            return met;
        }

        await using (var node = await SingleNode.StartAsync(broker.Uri))
        {
            await CaseAsync("-rabbitmq", node, rounds, null, null);
        }

        if (await Cluster.MissingAsync() is { } missing)
        {
            await Console.Error.WriteLineAsync(missing + ": the figures on separate services are left out");
            return met;
        }

        await using var cluster = await Cluster.StartAloneAsync();
        await CaseAsync("-mongo", cluster, rounds, null, null);
        return met;
    }

    private static async Task<bool> CaseAsync(string suffix, IInstallation node, int rounds, double? p50Gate, double? p99Gate)
    {
        await node.Api.DeployAsync("bench", Idle.Compose);
        await node.Api.RunningAsync("bench", "idle", 1);
        var overheads = new List<double>();
        var totals = new List<double>();
        for (var round = 0; round < rounds + WarmUpRounds; round++)
        {
            var (total, engine) = await RoundAsync(node.Api, replicas: round + 2);
            if (round >= WarmUpRounds)
            {
                totals.Add(total);
                overheads.Add(total - engine);
            }

            await node.Api.ConvergedAsync("bench", "idle");
        }

        await node.Api.RemoveAsync("bench");
        await node.Api.GoneAsync("bench");
        var met = new Figure(Name, "overhead-p50" + suffix, Statistics.Percentile(overheads, 0.50), "ms", p50Gate, "lower").Print();
        met &= new Figure(Name, "overhead-p99" + suffix, Statistics.Percentile(overheads, 0.99), "ms", p99Gate, "lower").Print();
        new Figure(Name, "total-p50" + suffix, Statistics.Percentile(totals, 0.50), "ms", null, "lower").Print();
        return met;
    }

    /// <returns>Milliseconds.</returns>
    private static async Task<(double Total, double Engine)> RoundAsync(Api api, int replicas)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        using (var taken = await api.SendAsync(HttpMethod.Post, "services/bench/idle/scale", new { Replicas = replicas }))
        {
            taken.EnsureSuccessStatusCode();
        }

        while (true)
        {
            var task = (await api.ListAsync("tasks?app=bench&service=idle")).FirstOrDefault(task => task.GetProperty("slot").GetInt32() == replicas);
            var elapsed = time.GetElapsedTime(start);
            if (task.ValueKind != System.Text.Json.JsonValueKind.Undefined && task.Text("state") == "Running")
            {
                return (elapsed.TotalMilliseconds, task.GetProperty("engineSeconds").GetDouble() * 1000);
            }

            if (elapsed > Deadline)
            {
                throw new TimeoutException($"replica {replicas} does not run");
            }
        }
    }
}
