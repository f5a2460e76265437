using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>deploy</c>.</summary>
internal static class DeployReader
{
    private const int MaxReplicas = 10_000;
    private const int MaxAttempts = 1_000_000;
    private const double MaxCpus = 100_000;
    private const long LeastMemory = 6 * 1024 * 1024;

    private static readonly Dictionary<string, RestartCondition> Conditions = new()
    {
        ["none"] = RestartCondition.None,
        ["on-failure"] = RestartCondition.OnFailure,
        ["any"] = RestartCondition.Any,
    };

    private static readonly Dictionary<string, UpdateOrder> Orders = new()
    {
        ["start-first"] = UpdateOrder.StartFirst,
        ["stop-first"] = UpdateOrder.StopFirst,
    };

    private static readonly Dictionary<string, FailureAction> FailureActions = new()
    {
        ["pause"] = FailureAction.Pause,
        ["continue"] = FailureAction.Continue,
        ["rollback"] = FailureAction.Rollback,
    };

    public static Result Read(MapReader service)
    {
        if (service.OpenMap("deploy") is not { } map)
        {
            return new Result();
        }

        var messages = map.Messages;
        if (map.Find("mode") is { } mode && messages.Text(mode, map.PathOf("mode")) is { } word && word != "replicated")
        {
            messages.Error(mode, map.PathOf("mode"), word is "global" or "replicated-job" or "global-job"
                ? $"{word} is not supported yet; write replicated"
                : $"'{word}' cannot be here; write replicated");
        }

        var result = new Result
        {
            Replicas = map.Read<int>("replicas", (node, key) => messages.Integer(node, key, 0, MaxReplicas)),
            Labels = LabelReader.Read(map),
            Resources = Resources(map),
            Restart = Restart(map),
            Update = Update(map),
            Placement = Placement(map),
        };
        map.Finish(KnownKeys.Deploy);
        return result;
    }

    private static ResourceSpec Resources(MapReader deploy)
    {
        if (deploy.OpenMap("resources") is not { } map)
        {
            return new ResourceSpec();
        }

        var messages = map.Messages;
        var limits = map.OpenMap("limits");
        var reservations = map.OpenMap("reservations");
        var spec = new ResourceSpec
        {
            LimitCpus = limits?.Read<double>("cpus", (node, key) => messages.Number(node, key, 0.001, MaxCpus)),
            LimitMemoryBytes = limits?.Read<long>("memory", (node, key) => Memory(messages, node, key)),
            LimitPids = limits?.Read<int>("pids", (node, key) => messages.Integer(node, key, 1, int.MaxValue)),
            ReservedCpus = reservations?.Read<double>("cpus", (node, key) => messages.Number(node, key, 0, MaxCpus)),
            ReservedMemoryBytes = reservations?.Read<long>("memory", messages.Bytes),
        };
        if (spec.ReservedCpus > spec.LimitCpus || spec.ReservedMemoryBytes > spec.LimitMemoryBytes)
        {
            messages.Error(reservations!.Node, reservations.Key, "more is reserved than the limit allows; raise the limit, or reserve less");
        }

        limits?.Finish();
        reservations?.Finish(KnownKeys.Resources);
        map.Finish();
        return spec;
    }

    private static long? Memory(Messages messages, YamlNode node, string key)
    {
        var bytes = messages.Bytes(node, key);
        if (bytes < LeastMemory)
        {
            messages.Error(node, key, "the engine needs at least 6m for a container; write 6m or more");
            return null;
        }

        return bytes;
    }

    private static RestartPolicy? Restart(MapReader deploy)
    {
        if (deploy.OpenMap("restart_policy") is not { } map)
        {
            return null;
        }

        var messages = map.Messages;
        var policy = new RestartPolicy
        {
            Condition = map.Read<RestartCondition>("condition", (node, key) => messages.Word(node, key, Conditions)) ?? RestartCondition.Any,
            DelaySeconds = map.Read<double>("delay", messages.Duration) ?? new RestartPolicy().DelaySeconds,
            MaxAttempts = map.Read<int>("max_attempts", (node, key) => messages.Integer(node, key, 0, MaxAttempts)),
            WindowSeconds = map.Read<double>("window", messages.Duration),
        };
        map.Finish();
        return policy;
    }

    private static UpdateConfig? Update(MapReader deploy)
    {
        if (deploy.OpenMap("update_config") is not { } map)
        {
            return null;
        }

        var messages = map.Messages;
        messages.Warn(map.Node, map.Key, "it is stored, but not applied yet: tasks are replaced one by one, start-first");
        var update = new UpdateConfig
        {
            Parallelism = map.Read<int>("parallelism", (node, key) => messages.Integer(node, key, 0, MaxReplicas)),
            DelaySeconds = map.Read<double>("delay", messages.Duration),
            Order = map.Read<UpdateOrder>("order", (node, key) => messages.Word(node, key, Orders)),
            FailureAction = map.Read<FailureAction>("failure_action", (node, key) => messages.Word(node, key, FailureActions)),
            MonitorSeconds = map.Read<double>("monitor", messages.Duration),
            MaxFailureRatio = map.Read<double>("max_failure_ratio", (node, key) => messages.Number(node, key, 0, 1)),
        };
        map.Finish();
        return update;
    }

    private static PlacementSpec? Placement(MapReader deploy)
    {
        if (deploy.OpenMap("placement") is not { } map)
        {
            return null;
        }

        var messages = map.Messages;
        messages.Warn(map.Node, map.Key, "it is stored, but not applied yet");
        var placement = new PlacementSpec
        {
            Constraints = map.ReadObject("constraints", (node, key) => Constraints(messages, node, key)) ?? [],
            SpreadPreferences = map.ReadObject("preferences", (node, key) => Preferences(messages, node, key)) ?? [],
            MaxReplicasPerNode = map.Read<int>("max_replicas_per_node", (node, key) => messages.Integer(node, key, 0, MaxReplicas)),
        };
        map.Finish();
        return placement;
    }

    private static IReadOnlyList<string>? Constraints(Messages messages, YamlNode node, string key)
    {
        var texts = messages.Texts(node, key);
        foreach (var (text, i) in (texts ?? []).Select((text, i) => (text, i)).Where(pair => !Patterns.IsConstraint(pair.text)))
        {
            messages.Error(
                ((YamlList)node).Items[i], $"{key}[{i}]",
                $"'{text}' is no constraint; write node.labels.zone==a or node.role!=manager; there are node.id, hostname, role, platform.os, platform.arch, labels.NAME and engine.labels.NAME");
        }

        return texts;
    }

    private static IReadOnlyList<string>? Preferences(Messages messages, YamlNode node, string key)
    {
        if (node is not YamlList list)
        {
            messages.Error(node, key, $"{node.Kind} cannot be here; write a list of spread: node.labels.NAME");
            return null;
        }

        var labels = new List<string>();
        foreach (var (item, i) in list.Items.Select((item, i) => (item, i)))
        {
            if (MapReader.Open(messages, item, $"{key}[{i}]") is { } map)
            {
                labels.AddRange(map.ReadObject("spread", (value, path) => Spread(messages, value, path)) is { } label ? [label] : []);
                map.Finish();
            }
        }

        return labels;
    }

    private static string? Spread(Messages messages, YamlNode node, string key)
    {
        var text = messages.Text(node, key);
        if (text is not null && !Patterns.IsLabelOfNode(text))
        {
            messages.Error(node, key, $"'{text}' is nothing to spread over; write node.labels.NAME or engine.labels.NAME");
        }

        return text;
    }

    internal sealed record Result
    {
        public int? Replicas { get; init; }
        public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
        public ResourceSpec Resources { get; init; } = new();
        public RestartPolicy? Restart { get; init; }
        public UpdateConfig? Update { get; init; }
        public PlacementSpec? Placement { get; init; }
    }
}
