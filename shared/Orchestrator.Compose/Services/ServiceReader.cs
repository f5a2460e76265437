using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads one service.</summary>
internal static class ServiceReader
{
    private const int MaxReplicas = 10_000;

    private static readonly Dictionary<string, PreemptionMode> Preemptions = new()
    {
        ["off"] = PreemptionMode.Off,
        ["lower"] = PreemptionMode.Lower,
        ["never"] = PreemptionMode.Never,
    };

    public static ServiceSpec? Read(Messages messages, YamlScalar name, YamlNode node, IReadOnlyDictionary<string, VolumeSpec> volumes, IReadOnlyDictionary<string, NetworkAttachment> networks, IReadOnlyCollection<string> services)
    {
        var key = "services." + name.Value;
        if (!NameRules.IsName(name.Value))
        {
            messages.Error(name, key, $"'{name.Value}' is no name; write lower-case letters, digits, '-' and '_', at most 63, beginning with a letter or digit");
        }

        if (MapReader.Open(messages, node, key) is not { } map)
        {
            return null;
        }

        var places = new Places(name, key);
        var placement = new PlacementReader(messages, places);
        var rollout = new RolloutReader(messages, places);
        var network = new NetworkReader(messages, places, networks);
        var deploy = DeployReader.Read(map, places, placement, rollout, network);
        network.Service(map);
        placement.Platform(map);
        var probes = new ProbeReader(messages, places);
        var disconnect = new DisconnectReader(messages, places);
        var (priority, preemption) = Extension(map, places, placement, rollout, probes, disconnect, network);
        var container = ContainerReader.Read(map, volumes);
        var spec = new ServiceSpec
        {
            Name = name.Value,
            Mode = deploy.Mode,
            Replicas = Replicas(map, deploy),
            Labels = deploy.Labels,
            Container = container,
            Ports = PortReader.Read(map),
            Resources = deploy.Resources,
            Restart = deploy.Restart ?? RestartReader.Read(map) ?? new RestartPolicy(),
            Update = rollout.Update,
            Rollback = rollout.Rollback,
            Rollout = rollout.Rollout,
            Network = network.Result,
            Probes = probes.Result,
            Disconnect = disconnect.Result,
            Placement = placement.Result,
            Priority = priority ?? new ServiceSpec().Priority,
            Preemption = preemption ?? PreemptionMode.Off,
            DependsOn = DependencyReader.Read(map),
        };
        if (deploy.Restart is not null && map.Find("restart") is { } restart)
        {
            messages.Warn(restart, map.PathOf("restart"), "deploy.restart_policy is there too and wins; keep one");
        }

        if (deploy.Mode == ServiceMode.Global && deploy.Replicas is not null)
        {
            messages.Warn(map.Node, map.PathOf("deploy.replicas"), "it has no effect: a global service has one task on each node");
        }

        places.Check(messages, spec, services);
        map.Finish(KnownKeys.Service);
        return spec;
    }

    private static (int? Priority, PreemptionMode? Preemption) Extension(MapReader service, Places places, PlacementReader placement, RolloutReader rollout, ProbeReader probes, DisconnectReader disconnect, NetworkReader network)
    {
        if (service.OpenMap("x-orchestrator") is not { } map)
        {
            return (null, null);
        }

        var messages = map.Messages;
        placement.Extension(map);
        rollout.Extension(map);
        probes.Extension(map);
        disconnect.Extension(map);
        network.Extension(map);
        var priority = map.Read<int>("priority", (node, key) =>
        {
            places.Put("priority", node, key);
            return messages.Integer(node, key, int.MinValue, int.MaxValue);
        });
        var preemption = map.Read<PreemptionMode>("preemption", (node, key) => messages.Word(node, key, Preemptions));
        map.Finish();
        return (priority, preemption);
    }

    private static int Replicas(MapReader map, DeployReader.Result deploy)
    {
        var scale = map.Read<int>("scale", (node, key) => map.Messages.Integer(node, key, 0, MaxReplicas));
        if (scale is not null && deploy.Replicas is not null && scale != deploy.Replicas)
        {
            map.Messages.Error(map.Find("scale")!, map.PathOf("scale"), $"it says {scale} and deploy.replicas says {deploy.Replicas}; keep one");
        }

        return deploy.Replicas ?? scale ?? 1;
    }
}
