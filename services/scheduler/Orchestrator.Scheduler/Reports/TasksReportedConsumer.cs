using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Reports;

internal sealed class TasksReportedConsumer(ReportDesk desk) : IConsumer<TasksReported>
{
    public Task Consume(ConsumeContext<TasksReported> context) => desk.TakeAsync(context.Message, context.CancellationToken);
}
