using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

internal sealed class NodeRemovedConsumer(HeartbeatBook book, VerdictDesk desk) : IConsumer<NodeRemoved>
{
    public Task Consume(ConsumeContext<NodeRemoved> context)
    {
        if (context.Message.NodeId is { } nodeId)
        {
            book.Forget(nodeId);
            desk.Forget(nodeId);
        }

        return Task.CompletedTask;
    }
}
