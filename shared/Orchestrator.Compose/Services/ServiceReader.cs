using Orchestrator.Compose.Reading;
using Orchestrator.Compose.Yaml;
using Orchestrator.Contracts;

namespace Orchestrator.Compose.Services;

/// <summary>Reads one service.</summary>
internal static class ServiceReader
{
    private const int MaxReplicas = 10_000;

    public static ServiceSpec? Read(Messages messages, YamlScalar name, YamlNode node, IReadOnlyDictionary<string, VolumeSpec> volumes)
    {
        var key = "services." + name.Value;
        if (!ComposeReader.NamePattern().IsMatch(name.Value))
        {
            messages.Error(name, key, $"'{name.Value}' is no name; write lower-case letters, digits, '-' and '_', at most 63, beginning with a letter or digit");
        }

        if (MapReader.Open(messages, node, key) is not { } map)
        {
            return null;
        }

        var deploy = DeployReader.Read(map);
        var container = ContainerReader.Read(map, volumes);
        var spec = new ServiceSpec
        {
            Name = name.Value,
            Replicas = Replicas(map, deploy),
            Labels = deploy.Labels,
            Container = container,
            Ports = PortReader.Read(map),
            Resources = deploy.Resources,
            Restart = deploy.Restart ?? RestartReader.Read(map) ?? new RestartPolicy(),
            Update = deploy.Update,
            Placement = deploy.Placement,
            DependsOn = DependencyReader.Read(map),
        };
        if (deploy.Restart is not null && map.Find("restart") is { } restart)
        {
            messages.Warn(restart, map.PathOf("restart"), "deploy.restart_policy is there too and wins; keep one");
        }

        map.Finish(KnownKeys.Service);
        return spec;
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
