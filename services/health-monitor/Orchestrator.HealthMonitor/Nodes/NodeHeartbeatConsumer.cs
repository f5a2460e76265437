using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

internal sealed class NodeHeartbeatConsumer(HeartbeatBook book) : IConsumer<NodeHeartbeat>
{
    public Task Consume(ConsumeContext<NodeHeartbeat> context)
    {
        MonitorMetrics.HeartbeatReceived();
        book.Take(context.Message);
        return Task.CompletedTask;
    }
}
