using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads <c>deploy</c>.</summary>
internal static class DeployReader
{
    private const int MaxReplicas = 10_000;
    private const int MaxAttempts = 1_000_000;

    private static readonly Dictionary<string, RestartCondition> Conditions = new()
    {
        ["none"] = RestartCondition.None,
        ["on-failure"] = RestartCondition.OnFailure,
        ["any"] = RestartCondition.Any,
    };

    private static readonly Dictionary<string, ServiceMode> Modes = new()
    {
        ["replicated"] = ServiceMode.Replicated,
        ["global"] = ServiceMode.Global,
    };

    public static Result Read(MapReader service, Places places, PlacementReader placement, RolloutReader rollout, NetworkReader network)
    {
        if (service.OpenMap("deploy") is not { } map)
        {
            return new Result();
        }

        var messages = map.Messages;
        placement.Deploy(map);
        rollout.Deploy(map);
        network.Deploy(map);
        var result = new Result
        {
            Mode = map.Read<ServiceMode>("mode", (node, key) => Mode(messages, node, key)) ?? ServiceMode.Replicated,
            Replicas = map.Read<int>("replicas", (node, key) => messages.Integer(node, key, 0, MaxReplicas)),
            Labels = LabelReader.Read(map),
            Resources = ResourceReader.Read(map, places),
            Restart = Restart(map),
        };
        map.Finish();
        return result;
    }

    private static ServiceMode? Mode(Messages messages, YamlNode node, string key)
    {
        if (node is YamlScalar { Value: "replicated-job" or "global-job" } job)
        {
            messages.Error(node, key, $"{job.Value} is not supported yet; write replicated or global");
            return null;
        }

        return messages.Word(node, key, Modes);
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

    internal sealed record Result
    {
        public int? Replicas { get; init; }
        public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
        public ResourceSpec Resources { get; init; } = new();
        public RestartPolicy? Restart { get; init; }
        public ServiceMode Mode { get; init; }
    }
}
