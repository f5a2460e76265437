using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Events;

internal sealed class HistoryAppendedConsumer(HistorySignal signal) : IConsumer<HistoryAppended>
{
    public Task Consume(ConsumeContext<HistoryAppended> context)
    {
        signal.Pulse();
        return Task.CompletedTask;
    }
}
