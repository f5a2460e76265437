using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>deploy.placement</c>, <c>platform</c>, and what of <c>x-orchestrator</c> is about nodes.</summary>
internal sealed class PlacementReader(Messages messages, Places places)
{
    private static readonly Dictionary<string, PlacementStrategy> Strategies = new()
    {
        ["mixed"] = PlacementStrategy.Mixed,
        ["binpack"] = PlacementStrategy.Binpack,
        ["spread"] = PlacementStrategy.Spread,
        ["random"] = PlacementStrategy.Random,
    };

    private static readonly Dictionary<string, TaintEffect> Effects = new()
    {
        ["NoSchedule"] = TaintEffect.NoSchedule,
        ["PreferNoSchedule"] = TaintEffect.PreferNoSchedule,
        ["NoExecute"] = TaintEffect.NoExecute,
    };

    private readonly List<string> _constraints = [];
    private readonly List<PreferenceSpec> _preferences = [];
    private readonly List<NodePlatform> _platforms = [];
    private readonly List<AffinitySpec> _affinities = [];
    private readonly List<ServiceAffinitySpec> _serviceAffinities = [];
    private readonly List<TolerationSpec> _tolerations = [];
    private int? _maxReplicasPerNode;
    private string? _pool;
    private PlacementStrategy? _strategy;

    public PlacementSpec? Result =>
        _constraints.Count + _preferences.Count + _platforms.Count + _affinities.Count + _serviceAffinities.Count + _tolerations.Count == 0
        && _maxReplicasPerNode is null && _pool is null && _strategy is null
            ? null
            : new PlacementSpec
            {
                Constraints = _constraints,
                Preferences = _preferences,
                MaxReplicasPerNode = _maxReplicasPerNode,
                Pool = _pool,
                Platforms = _platforms,
                Strategy = _strategy,
                Affinities = _affinities,
                ServiceAffinities = _serviceAffinities,
                Tolerations = _tolerations,
            };

    /// <param name="deploy">The map <c>deploy</c>.</param>
    public void Deploy(MapReader deploy)
    {
        if (deploy.OpenMap("placement") is not { } map)
        {
            return;
        }

        Constraints(map);
        Each(map, "preferences", "placement.preferences", () => _preferences.Count, Preference);
        _maxReplicasPerNode = map.Read<int>("max_replicas_per_node", (node, key) =>
        {
            places.Put("placement.maxReplicasPerNode", node, key);

            // 0 is how the specification writes "any number".
            return messages.Integer(node, key, 0, int.MaxValue) is { } most and > 0 ? most : null;
        });
        map.Finish();
    }

    public void Platform(MapReader service)
    {
        if (service.Find("platform") is { } node && messages.Text(node, service.PathOf("platform")) is { } text)
        {
            AddPlatform(text, node, service.PathOf("platform"));
        }
    }

    /// <param name="extension">The map <c>x-orchestrator</c>.</param>
    public void Extension(MapReader extension)
    {
        Constraints(extension);
        Each(extension, "preferences", "placement.preferences", () => _preferences.Count, Preference);
        Each(extension, "affinities", "placement.affinities", () => _affinities.Count, map => _affinities.Add(new AffinitySpec
        {
            Constraint = Required(map, "constraint"),
            Weight = Weight(map) ?? 0,
        }));
        Each(extension, "service_affinities", "placement.serviceAffinities", () => _serviceAffinities.Count, map => _serviceAffinities.Add(new ServiceAffinitySpec
        {
            Service = Required(map, "service"),
            Topology = map.ReadObject("topology", messages.Text) ?? new ServiceAffinitySpec().Topology,
            Weight = Weight(map) ?? new ServiceAffinitySpec().Weight,
            Hard = map.Read<bool>("hard", messages.Boolean) ?? false,
        }));
        Each(extension, "tolerations", "placement.tolerations", () => _tolerations.Count, map => _tolerations.Add(new TolerationSpec
        {
            Key = map.ReadObject("key", messages.Text),
            Value = map.ReadObject("value", messages.Text),
            Effect = map.Read<TaintEffect>("effect", (node, key) => messages.Word(node, key, Effects)),
            Seconds = map.Read<double>("seconds", (node, key) => messages.Number(node, key, 0, int.MaxValue)),
        }));
        foreach (var (text, i) in (extension.ReadObject("platforms", messages.Texts) ?? []).Select((text, i) => (text, i)))
        {
            AddPlatform(text, ((YamlList)extension.Find("platforms")!).Items[i], $"{extension.PathOf("platforms")}[{i}]");
        }

        _pool = extension.ReadObject("pool", (node, key) =>
        {
            places.Put("placement.pool", node, key);
            return messages.Text(node, key);
        });
        _strategy = extension.Read<PlacementStrategy>("strategy", (node, key) => messages.Word(node, key, Strategies));
    }

    private void Constraints(MapReader map)
    {
        var texts = map.ReadObject("constraints", messages.Texts) ?? [];
        for (var i = 0; i < texts.Count; i++)
        {
            places.Put($"placement.constraints[{_constraints.Count}]", ((YamlList)map.Find("constraints")!).Items[i], $"{map.PathOf("constraints")}[{i}]");
            _constraints.Add(texts[i]);
        }
    }

    private void Preference(MapReader map) => _preferences.Add(new PreferenceSpec
    {
        Attribute = Required(map, "spread"),
        MaxSkew = map.Read<int>("max_skew", (node, key) => messages.Integer(node, key, 1, int.MaxValue)) ?? 1,
        Hard = map.Read<bool>("hard", messages.Boolean) ?? false,
    });

    private void AddPlatform(string text, YamlNode node, string key)
    {
        var parts = text.Split('/');
        places.Put($"placement.platforms[{_platforms.Count}]", node, key);
        if (parts.Length is 2 or 3 && parts.All(part => part.Length > 0))
        {
            _platforms.Add(new NodePlatform { Os = parts[0], Architecture = parts[1] });
        }
        else
        {
            messages.Error(node, key, $"'{text}' is no platform; write one such as linux/amd64");
        }
    }

    private int? Weight(MapReader map) => map.Read<int>("weight", (node, key) => messages.Integer(node, key, int.MinValue, int.MaxValue));

    private string Required(MapReader map, string name)
    {
        if (map.Find(name) is not { } node)
        {
            messages.Error(map.Node, map.PathOf(name), "it is missing; write it");
            return "";
        }

        return messages.Text(node, map.PathOf(name)) ?? "";
    }

    private void Each(MapReader map, string name, string path, Func<int> count, Action<MapReader> read)
    {
        if (map.Find(name) is not { } node)
        {
            return;
        }

        var key = map.PathOf(name);
        places.Put(path, node, key);
        if (node is not YamlList list)
        {
            messages.Error(node, key, $"{node.Kind} cannot be here; write a list");
            return;
        }

        for (var i = 0; i < list.Items.Count; i++)
        {
            if (MapReader.Open(messages, list.Items[i], $"{key}[{i}]") is { } item)
            {
                places.Put($"{path}[{count()}]", item.Node, item.Key);
                read(item);
                item.Finish();
            }
        }
    }
}
