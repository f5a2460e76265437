using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Network;

/// <summary>Each instance hears all: the one that waits is the one that told.</summary>
internal sealed class EndpointsAppliedConsumer(DrainWaits drains) : IConsumer<EndpointsApplied>
{
    public Task Consume(ConsumeContext<EndpointsApplied> context) =>
        drains.AppliedAsync(context.Message.NodeId, context.Message.Services, context.CancellationToken);
}
