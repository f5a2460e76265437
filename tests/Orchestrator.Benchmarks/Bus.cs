using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orchestrator.Simulator;

namespace Orchestrator.Benchmarks;

/// <summary>What one deploy of 500 tasks on 20 simulated nodes costs: round trips to the database and messages on the broker, heartbeats apart.</summary>
internal static class Bus
{
    private const string Name = "bus";
    private const int Nodes = 20;
    private const int Tasks = 500;
    private static readonly string[] NotCounted = ["node-heartbeat", "monitor-echo"];
    private static readonly TimeSpan StatisticsDelay = TimeSpan.FromSeconds(12);

    public static async Task<bool> RunAsync(IReadOnlyList<string> options)
    {
        await using var broker = await OwnBroker.TryStartAsync();
        await using var mongo = Mongo.TryCreate();
        if (broker is null || mongo is null)
        {
            await Console.Error.WriteLineAsync(broker is null ? Broker.Missing : Mongo.Missing);
            return false;
        }

        await using var cluster = await Cluster.StartAsync(broker.ControlUri, mongo.Uri, new ClusterShape { Agents = 0 });
        await using var nodes = SimulatedNodes.Start(broker.ControlUri, cluster.ClusterId, Nodes);
        await Until.IsAsync(() => cluster.Api.ReadyNodesAsync(), count => count == Nodes, "all nodes are ready");
        await DeployAsync(cluster, "warm", 1);

        using var management = new HttpClient { BaseAddress = new Uri(broker.ManagementUri) };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(management.BaseAddress!.UserInfo)));
        var (idleCalls, idleMessages) = await CountAsync(cluster, management);
        await Task.Delay(StatisticsDelay, TimeProvider.System);
        var (calls, messages) = await CountAsync(cluster, management);
        var idle = (Calls: calls - idleCalls, Messages: messages - idleMessages);
        var start = TimeProvider.System.GetTimestamp();
        await DeployAsync(cluster, "bench", Tasks);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        // The broker counts in steps of seconds; what the services do all the time is taken off.
        await Task.Delay(StatisticsDelay, TimeProvider.System);
        var (callsAfter, messagesAfter) = await CountAsync(cluster, management);
        var share = (seconds + StatisticsDelay.TotalSeconds) / StatisticsDelay.TotalSeconds;
        new Figure(Name, "roundtrips-per-command", Math.Round(callsAfter - calls - (idle.Calls * share)), "1", null, "lower").Print();
        new Figure(Name, "messages-per-task", Math.Round((messagesAfter - messages - (idle.Messages * share)) / Tasks, 3), "1", null, "lower").Print();
        return new Figure(Name, "deploy-seconds", Math.Round(seconds, 2), "s", null, "lower").Print();
    }

    private static async Task DeployAsync(Cluster cluster, string app, int tasks)
    {
        await cluster.Api.DeployAsync(app, Idle.Compose + $"\n    deploy: {{ replicas: {tasks.ToString(CultureInfo.InvariantCulture)} }}\n");
        await cluster.Api.ConvergedAsync(app, "idle", TimeSpan.FromMinutes(2));
    }

    private static async Task<(double Calls, double Messages)> CountAsync(Cluster cluster, HttpClient management)
    {
        double calls = 0;
        using var http = new HttpClient();
        foreach (var service in cluster.All)
        {
            var text = await http.GetStringAsync(new Uri($"http://127.0.0.1:{service.Port}/metrics"));
            calls += text.Split('\n')
                .Where(line => line.StartsWith("orchestrator_store_call_duration_seconds_count", StringComparison.Ordinal))
                .Sum(line => double.Parse(line.Split("} ")[^1].Split(' ')[0], CultureInfo.InvariantCulture));
        }

        var exchanges = await management.GetFromJsonAsync<JsonElement>("api/exchanges/orchestrator");
        var messages = exchanges.EnumerateArray()
            .Where(exchange => !NotCounted.Any(name => exchange.GetProperty("name").GetString()!.EndsWith(name, StringComparison.Ordinal)))
            .Sum(exchange => exchange.TryGetProperty("message_stats", out var stats) && stats.TryGetProperty("publish_in", out var count) ? count.GetDouble() : 0);
        return (calls, messages);
    }
}
