using System.Globalization;
using Orchestrator.Simulator;

namespace Orchestrator.Benchmarks;

/// <summary>What one deploy of 500 tasks on 20 simulated nodes costs: round trips to the database and messages on the broker, heartbeats apart.</summary>
internal static class Bus
{
    private const string Name = "bus";
    private const int Nodes = 20;
    private const int Tasks = 500;

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

        using var counts = new BusCounts(broker.ManagementUri, [.. cluster.All.Select(service => service.Port)]);
        var (idleCalls, idleMessages) = await counts.ReadAsync();
        await Task.Delay(BusCounts.StatisticsDelay, TimeProvider.System);
        var (calls, messages) = await counts.ReadAsync();
        var idle = (Calls: calls - idleCalls, Messages: messages - idleMessages);
        var start = TimeProvider.System.GetTimestamp();
        await DeployAsync(cluster, "bench", Tasks);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        // What the services do all the time is taken off.
        await Task.Delay(BusCounts.StatisticsDelay, TimeProvider.System);
        var (callsAfter, messagesAfter) = await counts.ReadAsync();
        var share = (seconds + BusCounts.StatisticsDelay.TotalSeconds) / BusCounts.StatisticsDelay.TotalSeconds;
        new Figure(Name, "roundtrips-per-command", Math.Round(callsAfter - calls - (idle.Calls * share)), "1", null, "lower").Print();
        new Figure(Name, "messages-per-task", Math.Round((messagesAfter - messages - (idle.Messages * share)) / Tasks, 3), "1", null, "lower").Print();
        return new Figure(Name, "deploy-seconds", Math.Round(seconds, 2), "s", null, "lower").Print();
    }

    private static async Task DeployAsync(Cluster cluster, string app, int tasks)
    {
        await cluster.Api.DeployAsync(app, Idle.Compose + $"\n    deploy: {{ replicas: {tasks.ToString(CultureInfo.InvariantCulture)} }}\n");
        await cluster.Api.ConvergedAsync(app, "idle", TimeSpan.FromMinutes(2));
    }
}
