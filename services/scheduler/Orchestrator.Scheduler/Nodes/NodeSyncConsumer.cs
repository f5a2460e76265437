using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

internal sealed class NodeSyncConsumer(ITaskStore tasks, Instructor instructor, TimeProvider time) : IConsumer<NodeSync>
{
    public async Task Consume(ConsumeContext<NodeSync> context)
    {
        var asOf = time.GetUtcNow();
        var live = await tasks.ListLiveByNodeAsync(context.Message.NodeId, context.CancellationToken);
        await instructor.SynchroniseAsync(context.Message.NodeId, live, asOf, context.CancellationToken);
    }
}
