using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>environment</c> and <c>env_file</c>; what the file says itself wins.</summary>
internal static class EnvironmentReader
{
    public static IReadOnlyDictionary<string, string> Read(MapReader map)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in Files(map).Concat(Own(map)))
        {
            values[name] = value;
        }

        // A name without a value is taken from the sender, and is not set where the sender has none.
        return values
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value ?? map.Messages.Input.Variables.GetValueOrDefault(entry.Key)))
            .Where(entry => entry.Value is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Value!);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Own(MapReader map)
    {
        var key = map.PathOf("environment");
        switch (map.Find("environment"))
        {
            case null:
                return [];
            case YamlMap own:
                return [.. own.Entries.Select(entry => KeyValuePair.Create(
                    entry.Key.Value,
                    entry.Value is YamlScalar { IsNull: true } ? null : map.Messages.Text(entry.Value, $"{key}.{entry.Key.Value}")))];
            case YamlList list:
                return [.. (map.Messages.Texts(list, key) ?? []).Select((text, i) => Split(map.Messages, list.Items[i], $"{key}[{i}]", text))];
            case var other:
                map.Messages.Error(other, key, $"{other.Kind} cannot be here; write a map, or a list of NAME=value");
                return [];
        }
    }

    private static KeyValuePair<string, string?> Split(Messages messages, YamlNode node, string key, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals == 0 || text.Length == 0)
        {
            messages.Error(node, key, $"'{text}' names no variable; write NAME=value");
        }

        return equals < 0 ? KeyValuePair.Create(text, (string?)null) : KeyValuePair.Create(text[..equals], (string?)text[(equals + 1)..]);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Files(MapReader map)
    {
        var key = map.PathOf("env_file");
        return map.Find("env_file") switch
        {
            null => [],
            YamlList list => [.. list.Items.SelectMany((item, i) => File(map.Messages, item, $"{key}[{i}]"))],
            var node => File(map.Messages, node, key),
        };
    }

    private static IReadOnlyDictionary<string, string?> File(Messages messages, YamlNode node, string key)
    {
        var pathNode = node;
        var required = true;
        if (node is YamlMap)
        {
            var map = MapReader.Open(messages, node, key)!;
            required = map.Read<bool>("required", messages.Boolean) ?? true;
            map.FindWritten("format");
            pathNode = map.Find("path");
            map.Finish();
            if (pathNode is null)
            {
                messages.Error(node, key, "path is missing; write path: FILE");
                return new Dictionary<string, string?>();
            }
        }

        if (messages.Text(pathNode, key) is not { } path)
        {
            return new Dictionary<string, string?>();
        }

        if (messages.Input.Files.TryGetValue(path, out var text))
        {
            return EnvFile.Parse(text, (line, problem) => messages.Error(pathNode, key, $"{path} line {line}: {problem}"));
        }

        if (required)
        {
            messages.Error(pathNode, key, $"the file {path} was not found; make it, or write required: false");
        }

        return new Dictionary<string, string?>();
    }
}
