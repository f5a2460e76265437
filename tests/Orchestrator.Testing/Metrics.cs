using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Testing;

/// <summary>The metrics that the sources declare, and the queries that ask for them.</summary>
public static partial class Metrics
{
    /// <summary>Put on every series by whoever scrapes.</summary>
    private static readonly string[] ScrapeLabels = ["job", "instance", "service", "le"];

    private static readonly string[] SourceFolders = ["services", "shared"];

    private static readonly string[] Words = ["group_left", "group_right", "and", "or", "unless", "bool", "offset"];

    /// <returns>The kind of each metric: counter, gauge or histogram.</returns>
    public static IReadOnlyDictionary<string, string> Declared() => SourceFolders
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .SelectMany(path => Instrument().Matches(File.ReadAllText(path)))
        .ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value.Replace("Observable", "", StringComparison.Ordinal).ToLowerInvariant());

    /// <summary>The names that a metric has in a scrape.</summary>
    public static IEnumerable<string> Series(string name, string kind) => kind == "histogram" ? [name + "_bucket", name + "_sum", name + "_count"] : [name];

    /// <returns>The queries of the alert rules and of the dashboard, each with where it stands.</returns>
    public static IReadOnlyList<(string Where, string Query)> Queries() => [.. AlertQueries(), .. DashboardQueries()];

    /// <returns>Each metric that the query names, with the labels that it asks for.</returns>
    public static IReadOnlyList<(string Name, IReadOnlyList<string> Labels)> MetricsIn(string query)
    {
        var grouping = Grouping().Matches(query).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        var bare = Range().Replace(Grouping().Replace(Text().Replace(query, "\"\""), " "), "");
        return
        [
            .. Selector().Matches(bare).Where(match => !Words.Contains(match.Groups[1].Value)).Select(match => (
                match.Groups[1].Value,
                (IReadOnlyList<string>)[.. Matcher().Matches(match.Groups[2].Value).Select(label => label.Groups[1].Value).Concat(grouping).Except(ScrapeLabels)])),
        ];
    }

    /// <returns>The labels that each metric of a scrape has in any of its series.</returns>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Read(string scrape) => scrape.Split('\n')
        .Select(line => Sample().Match(line))
        .Where(match => match.Success)
        .GroupBy(match => match.Groups[1].Value)
        .ToDictionary(
            group => group.Key,
            group => (IReadOnlySet<string>)group.SelectMany(match => Matcher().Matches(match.Groups[2].Value)).Select(label => label.Groups[1].Value).ToHashSet());

    private static IEnumerable<(string Where, string Query)> AlertQueries()
    {
        using var reader = File.OpenText(Path.Combine(Repository.Root, "infra/prometheus/alerts.yml"));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return yaml.Documents[0].AllNodes.OfType<YamlMappingNode>()
            .Where(node => node.Children.ContainsKey("alert"))
            .Select(node => ($"alert {node["alert"]}", node["expr"].ToString()))
            .ToList();
    }

    private static IEnumerable<(string Where, string Query)> DashboardQueries() =>
        Dashboard().GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => ($"panel {panel.Text("title")}", target.Text("expr"))));

    /// <summary>As Grafana loads it.</summary>
    public static JsonElement Dashboard() =>
        JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Repository.Root, "infra/grafana/dashboards/orchestrator.json")));

    [GeneratedRegex(@"Create(Counter|Histogram|ObservableGauge)(?:<\w+>)?\(\s*""(orchestrator_\w+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    /// <summary>A name that is no function, with what stands in braces after it.</summary>
    [GeneratedRegex(@"(?<![\w:.])([a-zA-Z_:][\w:]*)\b(?!\s*\()(?:\{([^}]*)\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)\s*""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$")]
    private static partial Regex Sample();
}
