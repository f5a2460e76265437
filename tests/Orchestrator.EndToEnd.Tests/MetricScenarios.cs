using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.EndToEnd.Tests;

/// <summary>What Prometheus sees.</summary>
public sealed class MetricScenarios
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task AfterADeploy_ASingleNodeShowsEveryMetric_AndAllThatIsAskedFor()
    {
        Assert.SkipUnless(Engine.IsThere, Engine.Missing);
        await Engine.ImageAsync(1);
        await using var node = await SingleNode.StartAsync(options: new Dictionary<string, string> { ["Scheduler__TasksCountedEvery"] = "00:00:00.500" });
        await node.Api.DeployAsync("counted", Compose.Shell(Compose.Forever, 2));
        await node.Api.RunningAsync("counted", "job", 2);
        var scrape = await Until.IsAsync(
            () => ScrapeAsync(node.Port),
            text => Value(text, "orchestrator_tasks", "state=\"Running\"") == 2 && Value(text, "orchestrator_command_answer_duration_seconds_count", "") == 1,
            "the deploy is counted");

        Assert.Equal(0, Value(scrape, "orchestrator_tasks", "state=\"Pending\""));
        Assert.Equal(1, Value(scrape, "orchestrator_nodes", "liveness=\"Ready\""));
        Assert.Equal(2, Value(scrape, "orchestrator_agent_containers", "state=\"Running\""));
        Assert.Equal(1, Value(scrape, "orchestrator_commands_taken_total", "command=\"deploy-app\""));
        Assert.Equal(1, Value(scrape, "orchestrator_commands_answered_total", "command=\"deploy-app\",outcome=\"Accepted\""));
        Assert.Equal(2, Value(scrape, "orchestrator_placement_tasks_total", "outcome=\"placed\""));
        Assert.Equal(2, Value(scrape, "orchestrator_reconcile_tasks_total", "change=\"created\""));
        Assert.Equal(2, Value(scrape, "orchestrator_docker_call_duration_seconds_count", "operation=\"container-start\",outcome=\"ok\""));

        // On a busy machine it was published more than once.
        Assert.True(Value(scrape, "orchestrator_queue_lag_seconds_count", "message=\"deploy-app\"") >= 1);
        Assert.True(Value(scrape, "orchestrator_heartbeats_received_total", "") > 0);
        Assert.True(Value(scrape, "orchestrator_store_call_duration_seconds_count", "operation=\"InsertMany\",outcome=\"ok\",store=\"TaskStore\"") > 0);

        var shown = Metrics.Read(scrape);
        Assert.Empty(Metrics.Declared().SelectMany(metric => Metrics.Series(metric.Key, metric.Value)).Except(shown.Keys));
        Assert.Empty(shown.Keys.Where(name => name.StartsWith("orchestrator_", StringComparison.Ordinal)).Except(Metrics.Declared().SelectMany(metric => Metrics.Series(metric.Key, metric.Value))));
        foreach (var (where, query) in Metrics.Queries())
        {
            foreach (var (name, labels) in Metrics.MetricsIn(query).Where(metric => metric.Name != "up"))
            {
                Assert.True(shown.TryGetValue(name, out var there), $"{where}: no {name}");
                Assert.True(labels.All(there.Contains), $"{where}: {name} has {string.Join(", ", there)}, not {string.Join(", ", labels)}");
            }
        }
    }

    /// <summary>Of a cluster in which two deploys have started a task each, and one of them runs.</summary>
    internal static async Task EachServiceShowsItsPartAsync(Cluster cluster)
    {
        await ShowsAsync(cluster.Schedulers[0], "orchestrator_tasks", "state=\"Running\"", 1);
        await ShowsAsync(cluster.Schedulers[0], "orchestrator_commands_answered_total", "command=\"deploy-app\",outcome=\"Accepted\"", 2);
        await ShowsAsync(cluster.Apis[0], "orchestrator_command_answer_duration_seconds_count", "command=\"deploy-app\",outcome=\"Accepted\"", 2);
        await ShowsAsync(cluster.HealthMonitors[0], "orchestrator_health_monitor_decides", "", 1);
        await ShowsAsync(cluster.Agents[0], "orchestrator_agent_containers", "state=\"Running\"", 1);
        await ShowsAsync(cluster.Agents[0], "orchestrator_docker_call_duration_seconds_count", "operation=\"container-start\",outcome=\"ok\"", 2);

        var shown = await Task.WhenAll(cluster.All.Select(async process => Metrics.Read(await ScrapeAsync(process.Port))));
        Assert.Empty(Metrics.Declared().SelectMany(metric => Metrics.Series(metric.Key, metric.Value)).Except(shown.SelectMany(process => process.Keys)));
    }

    private static Task<string> ShowsAsync(ServiceProcess process, string name, string labels, double value) => Until.IsAsync(
        () => ScrapeAsync(process.Port), text => Value(text, name, labels) is { } seen && seen == value, $"{name} {{{labels}}} is {value}");

    private static Task<string> ScrapeAsync(int port) => Http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

    /// <returns>The sum of the series that have these labels, in their order; null when there is none.</returns>
    private static double? Value(string scrape, string name, string labels)
    {
        var values = Regex.Matches(scrape, $@"^{name}\{{.*{labels}.*\}} (\S+)$", RegexOptions.Multiline)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        return values.Count > 0 ? values.Sum() : null;
    }
}
