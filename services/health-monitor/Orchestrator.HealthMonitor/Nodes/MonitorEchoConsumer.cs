using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

internal sealed class MonitorEchoConsumer(Echo echo) : IConsumer<MonitorEcho>
{
    public Task Consume(ConsumeContext<MonitorEcho> context)
    {
        echo.Heard(context.Message);
        return Task.CompletedTask;
    }
}
