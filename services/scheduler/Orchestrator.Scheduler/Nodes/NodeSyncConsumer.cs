using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

internal sealed class NodeSyncConsumer(INodeStore nodes, ITaskStore tasks, Instructor instructor, TimeProvider time) : IConsumer<NodeSync>
{
    public async Task Consume(ConsumeContext<NodeSync> context)
    {
        if (await nodes.FindAsync(context.Message.NodeId, context.CancellationToken) is null)
        {
            // Its joining was not heard: without an answer it joins again.
            return;
        }

        var asOf = time.GetUtcNow();
        var live = await tasks.ListLiveByNodeAsync(context.Message.NodeId, context.CancellationToken);
        await instructor.SynchroniseAsync(context.Message.NodeId, live, asOf, context.CancellationToken);
    }
}
