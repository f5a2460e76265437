using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Reconcile;

internal sealed class ServiceChangedConsumer(ReconcileQueue queue) : IConsumer<ServiceChanged>
{
    public async Task Consume(ConsumeContext<ServiceChanged> context)
    {
        if (!await queue.RunAsync(context.Message.ServiceId, context.CancellationToken))
        {
            // Others get their turn first; the clock would not come back to it.
            await context.Publish(context.Message, context.CancellationToken);
        }
    }
}
