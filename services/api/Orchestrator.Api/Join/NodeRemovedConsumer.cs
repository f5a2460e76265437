using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Join;

/// <summary>A machine that is no node any more is no user of the broker either, and its queue goes with what stands in it.</summary>
internal sealed class NodeRemovedConsumer(BrokerManagement management, ILogger<NodeRemovedConsumer> logger) : IConsumer<NodeRemoved>
{
    public async Task Consume(ConsumeContext<NodeRemoved> context)
    {
        if (context.Message.NodeId is { } nodeId && management.IsThere)
        {
            await management.DeleteUserAsync(BrokerUsers.OfNode(nodeId), context.CancellationToken);
            await management.DeleteQueueAsync(NodeQueue.Name(nodeId), context.CancellationToken);
            Log.NodeRevoked(logger, nodeId);
        }
    }
}
