using Orchestrator.Contracts;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

internal static class NodeEvents
{
    public static NodesChanged Changed(NodeDocument node, DateTimeOffset now) => new()
    {
        EventId = EventHead.NewId(),
        OccurredAt = now,
        NodeId = node.Id,
        Version = node.Version,
        Nodes = [new NodeChange { NodeId = node.Id, Name = node.Name, Availability = node.Availability, Liveness = node.Liveness, Version = node.Version }],
    };
}
