using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Network;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Network;

/// <summary>Makes of what is stored what nodes are told.</summary>
internal static class EndpointMessages
{
    /// <summary>Others may begin connections to it until they have heard of its end.</summary>
    public static bool AwaitsDrain(TaskDocument task) => task is { Desired: DesiredState.Stop, Ready: true, Address: not null, NodeId: not null, NodeLost: false };

    /// <param name="service">With its address and the version of its endpoints.</param>
    /// <param name="spec">Of the revision wanted.</param>
    /// <param name="tasks">All of the service.</param>
    /// <param name="nodes">Those of the network that answer.</param>
    public static ServiceEndpoints Of(ServiceDocument service, ServiceSpec spec, IEnumerable<TaskDocument> tasks, IReadOnlyList<NodeAddress> nodes)
    {
        var answering = nodes.Select(node => node.NodeId).ToHashSet();
        return new ServiceEndpoints
        {
            ServiceId = service.Id,
            App = service.App,
            Service = service.Name,
            Version = service.Network!.Version,
            Vip = service.Network.Vip,
            Network = spec.Network ?? new NetworkSpec(),
            Ports = [.. spec.Ports.Where(port => port.Mode == PortMode.Ingress)],
            Tasks = EndpointSets.Of(tasks.Select(task => new ReachableTask(
                task.Id, task.Slot, task.NodeId, task.Address, task.State, task.Ready, task.Routed, task.Desired, task.NodeLost, task.NodeId is { } node && answering.Contains(node)))),
        };
    }

    public static EndpointsChanged Changed(ServiceEndpoints endpoints, long version, DateTimeOffset now) => new()
    {
        EventId = EventHead.NewId(),
        OccurredAt = now,
        App = endpoints.App,
        Service = endpoints.Service,
        Version = version,
        ServiceId = endpoints.ServiceId,
        EndpointsVersion = endpoints.Version,
        Vip = endpoints.Vip,
        Endpoints = [.. endpoints.Tasks.Where(task => task.Takes)],
    };
}
