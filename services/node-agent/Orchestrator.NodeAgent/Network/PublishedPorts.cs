using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;
using Orchestrator.NodeAgent.Ports;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Ports of this node that tasks of other nodes serve.</summary>
internal static class PublishedPorts
{
    public static IReadOnlyList<IngressEndpoint> OfOthers(NetworkMemory memory) =>
    [
        .. from service in memory.Services.Values
           where !service.Removed && service.Network.ExternalTrafficPolicy == ExternalTrafficPolicy.Cluster
           let ports = service.Ports.Where(port => port.Published is not null).ToList()
           where ports.Count > 0
           from task in service.Tasks
           where task.NodeId != memory.Network?.NodeId
           select new IngressEndpoint(task.TaskId, service.App, service.Service, ports, task.Address, InCluster: true, task.Takes),
    ];
}
