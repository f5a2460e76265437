using System.Text.RegularExpressions;
using Orchestrator.Testing;

namespace Orchestrator.Architecture.Tests;

/// <summary>Metrics as they are declared, told of and asked for.</summary>
public sealed partial class MetricTests
{
    private static readonly IReadOnlyDictionary<string, string> Declared = Metrics.Declared();

    public static TheoryData<string, string> Queries => [.. Metrics.Queries()];

    [Fact]
    public void EveryMetric_StandsInTheGuide_WithItsKind()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs/guide/observability.md"));
        var told = Row().Matches(guide).Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        Assert.Equal(Declared.Select(metric => (metric.Key, metric.Value)).Order(), told.Order());
    }

    [Fact]
    public void AName_TellsTheKindAndTheUnit() => Assert.All(Declared, metric =>
    {
        Assert.Equal(metric.Value == "counter", metric.Key.EndsWith("_total", StringComparison.Ordinal));
        Assert.True(metric.Value != "histogram" || metric.Key.EndsWith("_seconds", StringComparison.Ordinal), metric.Key);
    });

    [Theory]
    [MemberData(nameof(Queries))]
    public void AQuery_NamesMetricsThatThereAre(string where, string query)
    {
        var series = Declared.SelectMany(metric => Metrics.Series(metric.Key, metric.Value)).ToHashSet();
        var named = Metrics.MetricsIn(query).Select(metric => metric.Name).ToList();
        Assert.True(named.Count > 0, $"{where}: {query}");
        Assert.All(named, name => Assert.True(
            series.Contains(name) || name == "up" || name.StartsWith("http_server_", StringComparison.Ordinal) || name.StartsWith("dotnet_", StringComparison.Ordinal),
            $"{where}: {name} is not declared"));
    }

    [Theory]
    [InlineData("max(orchestrator_a) > 60", "orchestrator_a:")]
    [InlineData("sum by (le, q) (rate(a_bucket{x=\"1,y\", z!~\"a|b\"}[5m])) / on (i) b", "a_bucket:i,q,x,z b:i,q")]
    [InlineData("histogram_quantile(0.95, rate(c[$__rate_interval])) and up{job=\"o\"} == 0", "c: up:")]
    public void AQuery_IsUnderstood(string query, string metrics) => Assert.Equal(
        metrics,
        string.Join(' ', Metrics.MetricsIn(query).Select(metric => $"{metric.Name}:{string.Join(',', metric.Labels.Order())}")));

    [Fact]
    public void TheDashboard_AsksTheSourceThatIsProvisioned()
    {
        var provisioned = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "infra/grafana/provisioning/datasources/prometheus.yml")), @"uid: (\w+)").Groups[1].Value;
        var panels = Metrics.Dashboard().GetProperty("panels").EnumerateArray().ToList();
        Assert.Distinct(panels.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.All(panels.Where(panel => panel.Text("type") != "row"), panel =>
        {
            Assert.Equal(provisioned, panel.GetProperty("datasource").Text("uid"));
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
        });
    }

    [GeneratedRegex(@"^\| `(orchestrator_\w+)` \| (counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
