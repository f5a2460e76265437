using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;

namespace Orchestrator.Compose.Services;

/// <summary>Reads labels: a map, or a list of <c>key=value</c>.</summary>
internal static class LabelReader
{
    public static IReadOnlyDictionary<string, string> Read(MapReader map, string name = "labels") =>
        map.Find(name) is { } node ? Read(map.Messages, node, map.PathOf(name)) : new Dictionary<string, string>();

    private static Dictionary<string, string> Read(Messages messages, YamlNode node, string key)
    {
        var labels = new Dictionary<string, string>();
        switch (node)
        {
            case YamlMap map:
                foreach (var (label, value) in map.Entries)
                {
                    labels[label.Value] = value is YamlScalar { IsNull: true } ? "" : messages.Text(value, $"{key}.{label.Value}") ?? "";
                }

                break;
            case YamlList:
                foreach (var text in messages.Texts(node, key) ?? [])
                {
                    var equals = text.IndexOf('=', StringComparison.Ordinal);
                    labels[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
                }

                break;
            default:
                messages.Error(node, key, $"{node.Kind} cannot be here; write a map, or a list of key=value");
                break;
        }

        if (labels.ContainsKey(""))
        {
            messages.Error(node, key, "a label has no name; write name=value");
        }

        if (labels.Keys.FirstOrDefault(label => label.StartsWith("orchestrator.", StringComparison.Ordinal)) is { } ours)
        {
            messages.Error(node, key, $"'{ours}': labels that begin with orchestrator. are ours; choose another name");
        }

        return labels;
    }
}
