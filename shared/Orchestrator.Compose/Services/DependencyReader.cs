using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>depends_on</c>: a list of names, or a map with conditions. A service waits for those it links to, too.</summary>
internal static class DependencyReader
{
    private static readonly Dictionary<string, DependencyCondition> Conditions = new()
    {
        ["service_started"] = DependencyCondition.ServiceStarted,
        ["service_healthy"] = DependencyCondition.ServiceHealthy,
        ["service_completed_successfully"] = DependencyCondition.ServiceCompletedSuccessfully,
    };

    public static IReadOnlyList<Dependency> Read(MapReader service)
    {
        var key = service.PathOf("depends_on");
        if (service.Find("links") is { } links)
        {
            service.Messages.Texts(links, service.PathOf("links"));
        }

        IReadOnlyList<Dependency> written = service.Find("depends_on") switch
        {
            null => [],
            YamlMap map => [.. map.Entries.Select(entry => One(service.Messages, entry.Key.Value, entry.Value, $"{key}.{entry.Key.Value}"))],
            var node => [.. (service.Messages.Texts(node, key) ?? []).Select(name => new Dependency { Service = name })],
        };
        var linked = LinkReader.Targets(service.Node).Select(link => link.Name).Distinct().Where(name => written.All(dependency => dependency.Service != name));
        return [.. written, .. linked.Select(name => new Dependency { Service = name })];
    }

    /// <summary>Names that are no service, and services that wait for each other.</summary>
    public static void Check(Messages messages, MapReader services, IReadOnlySet<string> names)
    {
        var waiting = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (name, node) in services.Entries)
        {
            waiting[name.Value] = [];
            foreach (var (target, at, key) in Targets(node))
            {
                waiting[name.Value].Add(target);
                if (!names.Contains(target))
                {
                    messages.Error(at, $"services.{name.Value}.{key}", $"there is no service '{target}'; {Suggestion.ForName(target, names)}");
                }
            }
        }

        while (waiting.FirstOrDefault(entry => !entry.Value.Overlaps(waiting.Keys)) is { Key: not null } free)
        {
            waiting.Remove(free.Key);
        }

        if (waiting.Count > 0)
        {
            var circle = waiting.Keys.Order(StringComparer.Ordinal).ToList();
            var first = services.Entries.First(entry => waiting.ContainsKey(entry.Key.Value));
            messages.Error(first.Key, $"services.{first.Key.Value}.depends_on", circle.Count == 1 ? "it waits for itself; remove it" : $"{string.Join(", ", circle)} wait for each other; break the circle");
        }
    }

    private static Dependency One(Messages messages, string name, YamlNode node, string key)
    {
        if (MapReader.Open(messages, node, key) is not { } map)
        {
            return new Dependency { Service = name };
        }

        var condition = map.Read<DependencyCondition>("condition", (value, path) => messages.Word(value, path, Conditions));
        map.Finish(KnownKeys.Dependency);
        return new Dependency { Service = name, Condition = condition ?? DependencyCondition.ServiceStarted };
    }

    private static IEnumerable<(string Name, YamlNode At, string Key)> Targets(YamlNode service) =>
        Waited(service).Select(waited => (waited.Name, waited.At, "depends_on")).Concat(LinkReader.Targets(service).Select(link => (link.Name, link.At, "links")));

    private static IEnumerable<(string Name, YamlNode At)> Waited(YamlNode service) =>
        service is not YamlMap map ? []
        : map.Entries.FirstOrDefault(entry => entry.Key.Value == "depends_on").Value switch
        {
            YamlMap conditions => conditions.Entries.Select(entry => (entry.Key.Value, (YamlNode)entry.Key)),
            YamlList list => list.Items.OfType<YamlScalar>().Select(item => (item.Value, (YamlNode)item)),
            _ => [],
        };
}
