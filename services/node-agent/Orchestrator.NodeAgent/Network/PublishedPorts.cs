using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;
using Orchestrator.NodeAgent.Ports;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Ports of this node that tasks of other nodes serve.</summary>
internal static class PublishedPorts
{
    /// <summary>Of the services named, which may have been removed, and deployed again under other ids.</summary>
    public static IEnumerable<(string App, string Service, IReadOnlyList<IngressEndpoint> Endpoints)> OfOthers(NetworkMemory memory, IReadOnlyList<ServiceEndpoints> changed)
    {
        var names = changed.Select(service => (service.App, service.Service)).ToHashSet();
        var found = memory.Services.Values.Where(service => names.Contains((service.App, service.Service))).ToLookup(service => (service.App, service.Service));
        return names.Select(name => (name.App, name.Service, (IReadOnlyList<IngressEndpoint>)[.. found[name].SelectMany(service => OfOthers(memory, service))]));
    }

    private static IEnumerable<IngressEndpoint> OfOthers(NetworkMemory memory, ServiceEndpoints service)
    {
        IReadOnlyList<PortSpec> ports = [.. service.Ports.Where(port => port.Published is not null)];
        var taking = memory.Taking(service).Select(task => task.TaskId).ToHashSet();
        return service.Removed || ports.Count == 0 || service.Network.ExternalTrafficPolicy != ExternalTrafficPolicy.Cluster
            ? []
            : service.Tasks.Where(task => task.NodeId != memory.Network?.NodeId)
                .Select(task => new IngressEndpoint(task.TaskId, service.App, service.Service, ports, task.Address, InCluster: true, taking.Contains(task.TaskId), service.Network.Policy?.Ingress is not null));
    }
}
