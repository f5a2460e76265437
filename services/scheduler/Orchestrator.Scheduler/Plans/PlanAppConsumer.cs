using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Plans;

/// <summary>Answers what a deploy would do. Writes nothing.</summary>
internal sealed class PlanAppConsumer(IAppStore apps, AppPlans plans, IBus bus) : IConsumer<PlanApp>
{
    public async Task Consume(ConsumeContext<PlanApp> context)
    {
        var (message, cancellation) = (context.Message, context.CancellationToken);
        var faults = (IReadOnlyList<string>)[.. SpecValidator.CheckAppName(message.App), .. SpecValidator.Check(message.Spec, message.App)];
        var app = faults.Count == 0 ? await apps.FindAsync(message.App, cancellation) : null;
        await bus.Publish(
            new AppPlanned
            {
                RequestId = message.RequestId,
                App = message.App,
                Index = PlanIndex.Of(app),
                Errors = faults,
                Services = faults.Count == 0 ? await plans.OfAsync(message.App, app, message.Spec, cancellation) : [],
            },
            sending => sending.Durable = false,
            cancellation);
    }
}
