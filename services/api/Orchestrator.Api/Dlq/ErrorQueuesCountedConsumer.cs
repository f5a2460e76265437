using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Dlq;

internal sealed class ErrorQueuesCountedConsumer(ErrorQueueCounts counts) : IConsumer<ErrorQueuesCounted>
{
    public Task Consume(ConsumeContext<ErrorQueuesCounted> context)
    {
        counts.Take(context.Message);
        return Task.CompletedTask;
    }
}
