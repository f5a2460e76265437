using System.Globalization;
using Docker.DotNet.Models;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>Reads the engine's description of a container.</summary>
internal static class FoundContainers
{
    public static FoundContainer Of(EngineNames names, ContainerInspectResponse container)
    {
        var labels = container.Config!.Labels;
        return new FoundContainer
        {
            Id = container.ID,
            TaskId = labels[EngineNames.Task],
            Identity = new ContainerIdentity
            {
                App = labels[EngineNames.App],
                Service = labels[EngineNames.Service],
                Slot = int.Parse(labels[EngineNames.Slot], CultureInfo.InvariantCulture),
                Revision = int.Parse(labels[EngineNames.Revision], CultureInfo.InvariantCulture),
                Name = container.Name.TrimStart('/'),
                Replaces = labels.TryGetValue(EngineNames.Replaces, out var ended) ? ended : null,
            },
            Phase = container.State!.Status switch
            {
                "created" => ContainerPhase.Created,
                "running" or "paused" or "restarting" => ContainerPhase.Running,
                _ => ContainerPhase.Ended,
            },
            Health = container.State.Health?.Status switch
            {
                "healthy" => HealthState.Healthy,
                "unhealthy" => HealthState.Unhealthy,
                "starting" => HealthState.Starting,
                _ => HealthState.None,
            },
            ExitCode = (int)container.State.ExitCode,
            OutOfMemory = container.State.OOMKilled,
            Address = container.NetworkSettings?.Networks?.Values.Select(network => network.IPAddress).FirstOrDefault(address => !string.IsNullOrEmpty(address)),
            Network = container.NetworkSettings?.Networks?.Values.Where(network => !string.IsNullOrEmpty(network.IPAddress)).Select(network => EngineNetwork.Of(network.NetworkID, network.Gateway, null)).FirstOrDefault(),
            InCluster = container.NetworkSettings?.Networks?.ContainsKey(names.ClusterNetwork) == true,
            HostPorts = [.. HostPorts(container.NetworkSettings?.Ports)],
            StartedAt = Time(container.State.StartedAt),
            FinishedAt = Time(container.State.FinishedAt),
            Error = string.IsNullOrEmpty(container.State.Error) ? null : container.State.Error,
        };
    }

    private static IEnumerable<TaskPort> HostPorts(IDictionary<string, IList<PortBinding>>? ports) =>
        from port in ports ?? new Dictionary<string, IList<PortBinding>>()
        where port.Value is not null
        let key = port.Key.Split('/')

        // The same port on IPv4 and IPv6 is one port for people.
        from binding in port.Value.OrderBy(binding => PublishedAddress.IsIpv6(binding.HostIP)).DistinctBy(binding => binding.HostPort)
        select new TaskPort
        {
            Target = int.Parse(key[0], CultureInfo.InvariantCulture),
            Published = int.Parse(binding.HostPort, CultureInfo.InvariantCulture),
            Protocol = key[1] == "udp" ? PortProtocol.Udp : PortProtocol.Tcp,
            Mode = PortMode.Host,
            HostIp = binding.HostIP is null or "" or "0.0.0.0" ? null : binding.HostIP,
        };

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;
}
