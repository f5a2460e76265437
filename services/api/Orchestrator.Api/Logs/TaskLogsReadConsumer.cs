using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Logs;

internal sealed class TaskLogsReadConsumer(LogDesk desk) : IConsumer<TaskLogsRead>
{
    public Task Consume(ConsumeContext<TaskLogsRead> context)
    {
        desk.Answer(context.Message);
        return Task.CompletedTask;
    }
}
