using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Services;

/// <summary>What is different between two specs, member by member.</summary>
internal static class SpecDiff
{
    /// <param name="Path">As in the JSON: <c>container.environment.MODE</c>.</param>
    /// <param name="Before">Null: it was not there.</param>
    /// <param name="After">Null: it is not there any more.</param>
    internal sealed record Change(string Path, string? Before, string? After);

    public static IReadOnlyList<Change> Of(ServiceSpec before, ServiceSpec after)
    {
        var (old, now) = (Flat(before), Flat(after));
        return
        [
            .. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Select(path => new Change(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
                .Where(change => change.Before != change.After && change.Path != "replicas"),
        ];
    }

    private static Dictionary<string, string> Flat(ServiceSpec spec)
    {
        var flat = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("", JsonSerializer.SerializeToNode(spec, JsonSerializerOptions.Web));
        return flat;

        void Add(string path, JsonNode? node)
        {
            switch (node)
            {
                case null:
                    break;
                case JsonObject map:
                    foreach (var (name, value) in map)
                    {
                        Add(path.Length == 0 ? name : $"{path}.{name}", value);
                    }

                    break;
                case JsonArray list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        Add($"{path}[{i}]", list[i]);
                    }

                    break;
                default:
                    flat[path] = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
                    break;
            }
        }
    }
}
