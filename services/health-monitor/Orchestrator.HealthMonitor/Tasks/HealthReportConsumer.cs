using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Tasks;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Tasks;

/// <summary>Keeps the changes of health that rides in reports.</summary>
internal sealed class HealthReportConsumer(IHealthHistoryStore store, KnownHealth known, TimeProvider time) : IConsumer<TasksReported>
{
    public async Task Consume(ConsumeContext<TasksReported> context)
    {
        var changes = HealthChanges.Of(known.Snapshot(context.Message.Tasks), context.Message.Tasks);
        known.Take(context.Message.Tasks);
        if (changes.Count == 0)
        {
            return;
        }

        await store.AddManyAsync(
            [.. changes.Select(report => new HealthTransition
            {
                TaskId = report.TaskId,
                NodeId = context.Message.NodeId,
                Health = report.Health,
                Message = report.Message,
                At = time.GetUtcNow(),
            })],
            context.CancellationToken);
    }
}
