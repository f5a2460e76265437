using Orchestrator.Compose.Yaml;

namespace Orchestrator.Compose.Reading;

/// <summary>Reads a map key by key and then says what stands in it that nobody asked for.</summary>
internal sealed class MapReader
{
    private readonly YamlMap _map;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private MapReader(Messages messages, YamlMap map, string key)
    {
        Messages = messages;
        _map = map;
        Key = key;
    }

    public Messages Messages { get; }

    public YamlNode Node => _map;

    /// <summary>The way to the map.</summary>
    public string Key { get; }

    public IReadOnlyList<KeyValuePair<YamlScalar, YamlNode>> Entries => _map.Entries;

    /// <returns>Null after an error.</returns>
    public static MapReader? Open(Messages messages, YamlNode node, string key)
    {
        if (node is YamlMap map)
        {
            return new MapReader(messages, map, key);
        }

        messages.Error(node, key, $"{node.Kind} cannot be here; write a map");
        return null;
    }

    public string PathOf(string name) => Key.Length == 0 ? name : $"{Key}.{name}";

    /// <returns>Null when the key is absent or has no value.</returns>
    public YamlNode? Find(string name) => FindWritten(name) is { } node and not YamlScalar { IsNull: true } ? node : null;

    /// <returns>Null only when the key is absent.</returns>
    public YamlNode? FindWritten(string name)
    {
        _asked.Add(name);
        return _map.Entries.FirstOrDefault(entry => entry.Key.Value == name).Value;
    }

    public T? Read<T>(string name, Func<YamlNode, string, T?> read)
        where T : struct => Find(name) is { } node ? read(node, PathOf(name)) : null;

    public T? ReadObject<T>(string name, Func<YamlNode, string, T?> read)
        where T : class => Find(name) is { } node ? read(node, PathOf(name)) : null;

    public MapReader? OpenMap(string name) => Find(name) is { } node ? Open(Messages, node, PathOf(name)) : null;

    /// <summary>What is left: keys of the specification are warnings, others errors; <c>x-</c> keys are anybody's.</summary>
    public void Finish(params IEnumerable<string> withoutEffect)
    {
        var known = withoutEffect.ToHashSet(StringComparer.Ordinal);
        foreach (var (key, _) in _map.Entries.Where(entry => !_asked.Contains(entry.Key.Value) && !entry.Key.Value.StartsWith("x-", StringComparison.Ordinal)))
        {
            if (known.Contains(key.Value))
            {
                Messages.Warn(key, PathOf(key.Value), "it is not supported and has no effect");
            }
            else
            {
                Messages.Error(key, PathOf(key.Value), $"there is no such key; {Suggestion.ForKey(key.Value, _asked.Concat(known))}");
            }
        }
    }
}
