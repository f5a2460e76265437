using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Plans;

internal sealed class AppPlannedConsumer(PlanDesk desk) : IConsumer<AppPlanned>
{
    public Task Consume(ConsumeContext<AppPlanned> context)
    {
        desk.Answer(context.Message);
        return Task.CompletedTask;
    }
}
