using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>deploy.update_config</c>, <c>deploy.rollback_config</c> and <c>x-orchestrator.rollout</c>.</summary>
internal sealed class RolloutReader(Messages messages, Places places)
{
    private const int MaxReplicas = 10_000;

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

    public UpdateConfig? Update { get; private set; }

    public UpdateConfig? Rollback { get; private set; }

    public RolloutSpec? Rollout { get; private set; }

    public void Deploy(MapReader deploy)
    {
        Update = Config(deploy, "update_config", "update");
        Rollback = Config(deploy, "rollback_config", "rollback");
    }

    /// <param name="extension">The map <c>x-orchestrator</c>.</param>
    public void Extension(MapReader extension)
    {
        if (extension.OpenMap("rollout") is not { } map)
        {
            return;
        }

        places.Put("rollout", map.Node, map.Key);
        Rollout = new RolloutSpec
        {
            Canary = map.ReadObject("canary", (node, key) => Amount("rollout.canary", node, key)),
            Steps = map.ReadObject("steps", (node, key) =>
            {
                places.Put("rollout.steps", node, key);
                return messages.Texts(node, key);
            }) ?? [],
            AutoPromote = map.Read<bool>("auto_promote", (node, key) =>
            {
                places.Put("rollout.autoPromote", node, key);
                return messages.Boolean(node, key);
            }),
            MinHealthySeconds = map.Read<double>("min_healthy_time", (node, key) => Duration("rollout.minHealthySeconds", node, key)),
            HealthyDeadlineSeconds = map.Read<double>("healthy_deadline", (node, key) => Duration("rollout.healthyDeadlineSeconds", node, key)),
            ProgressDeadlineSeconds = map.Read<double>("progress_deadline", (node, key) => Duration("rollout.progressDeadlineSeconds", node, key)),
            MinAvailable = map.ReadObject("min_available", (node, key) => Amount("rollout.minAvailable", node, key)),
            MaxSurge = map.ReadObject("max_surge", (node, key) => Amount("rollout.maxSurge", node, key)),
        };
        map.Finish();
    }

    private UpdateConfig? Config(MapReader deploy, string name, string path)
    {
        if (deploy.OpenMap(name) is not { } map)
        {
            return null;
        }

        places.Put(path, map.Node, map.Key);
        var config = new UpdateConfig
        {
            Parallelism = map.Read<int>("parallelism", (node, key) => messages.Integer(node, key, 0, MaxReplicas)),
            DelaySeconds = map.Read<double>("delay", messages.Duration),
            Order = map.Read<UpdateOrder>("order", (node, key) =>
            {
                places.Put(path + ".order", node, key);
                return messages.Word(node, key, Orders);
            }),
            FailureAction = map.Read<FailureAction>("failure_action", (node, key) =>
            {
                places.Put(path + ".failureAction", node, key);
                return messages.Word(node, key, FailureActions);
            }),
            MonitorSeconds = map.Read<double>("monitor", (node, key) => Duration(path + ".monitorSeconds", node, key)),
            MaxFailureRatio = map.Read<double>("max_failure_ratio", (node, key) => messages.Number(node, key, 0, 1)),
        };
        map.Finish();
        return config;
    }

    private string? Amount(string path, YamlNode node, string key)
    {
        places.Put(path, node, key);
        return messages.Text(node, key);
    }

    private double? Duration(string path, YamlNode node, string key)
    {
        places.Put(path, node, key);
        return messages.Duration(node, key);
    }
}
