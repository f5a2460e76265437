using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Reconcile;

internal sealed class ServiceChangedConsumer(ReconcileQueue queue) : IConsumer<ServiceChanged>
{
    public Task Consume(ConsumeContext<ServiceChanged> context) =>
        queue.RunAsync(context.Message.ServiceId, context.CancellationToken);
}
