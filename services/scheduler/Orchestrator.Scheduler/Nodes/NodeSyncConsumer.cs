using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Network;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

internal sealed class NodeSyncConsumer(INodeStore nodes, ITaskStore tasks, Instructor instructor, NetworkTeller network, EndpointSync endpoints, HeartbeatDesk heartbeats, TimeProvider time) : IConsumer<NodeSync>
{
    public async Task Consume(ConsumeContext<NodeSync> context)
    {
        if (await nodes.FindAsync(context.Message.NodeId, context.CancellationToken) is null)
        {
            // Its joining was not heard: without an answer it joins again.
            return;
        }

        // Before its tasks: their containers have addresses of it.
        await network.AnswerAsync(context.Message.NodeId, context.CancellationToken);
        await endpoints.AnswerAsync(context.Message.NodeId, context.CancellationToken);
        var asOf = time.GetUtcNow();
        var live = await tasks.ListLiveByNodeAsync(context.Message.NodeId, context.CancellationToken);
        await instructor.SynchroniseAsync(context.Message.NodeId, live, asOf, heartbeats.Seconds, context.CancellationToken);
    }
}
