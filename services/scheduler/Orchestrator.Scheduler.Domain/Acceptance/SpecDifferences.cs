using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>What differs between two specs of a service, one line each, by path.</summary>
public static class SpecDifferences
{
    private const int MaxText = 100;

    public static IReadOnlyList<string> Between(ServiceSpec before, ServiceSpec after) =>
        [.. Walk("", JsonSerializer.SerializeToNode(before, JsonSerializerOptions.Web), JsonSerializer.SerializeToNode(after, JsonSerializerOptions.Web))];

    private static IEnumerable<string> Walk(string path, JsonNode? before, JsonNode? after) => (before, after) switch
    {
        (JsonObject old, JsonObject now) => old.Select(member => member.Key).Union(now.Select(member => member.Key))
            .SelectMany(key => Walk(path.Length == 0 ? key : $"{path}.{key}", old[key], now[key])),
        _ when JsonNode.DeepEquals(before, after) => [],
        _ => [$"{path}: {Text(before)} → {Text(after)}"],
    };

    private static string Text(JsonNode? node) => node?.ToJsonString() switch
    {
        null => "none",
        { Length: > MaxText } text => text[..MaxText] + "…",
        var text => text,
    };
}
