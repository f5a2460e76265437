using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.Scheduler.Plans;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

internal sealed class DeployAppConsumer(CommandDesk desk, WantedSpecs specs, TimeProvider time) : IConsumer<DeployApp>
{
    public Task Consume(ConsumeContext<DeployApp> context)
    {
        var message = context.Message;
        var id = CommandIds.Of(context, message.CommandId);
        var command = new AppCommand
        {
            Id = id,
            Name = "deploy-app",
            App = message.App ?? "",
            Order = message.Order,
            RequestedBy = message.RequestedBy,
            Faults = [.. SpecValidator.CheckAppName(message.App), .. message.Spec is null ? ["spec: it is missing"] : SpecValidator.Check(message.Spec)],
            DecideAsync = (app, cancellation) => DecideAsync(message, id, app, cancellation),
        };
        return desk.TakeAsync(command, context.CancellationToken);
    }

    private async Task<AppDecision> DecideAsync(DeployApp message, string commandId, AppDocument? app, CancellationToken cancellation)
    {
        var spec = message.Spec!;
        if (message.PlanIndex is { } index && index != PlanIndex.Of(app))
        {
            return AppDecision.Refuse($"{message.App}: it has changed since plan {index}, it is at {PlanIndex.Of(app)}; plan again");
        }

        var freshIds = spec.Services.Select(_ => NewId.NextGuid().ToString("N")).ToList();
        var plan = DeployPlanner.Plan(spec, await specs.OfAsync(app, cancellation), freshIds);
        if (spec.Services.Any(service => service.Ports.Any(port => port is { Mode: PortMode.Ingress, Published: not null })))
        {
            var conflicts = PublishedPorts.Conflicts(message.App!, spec.Services, await specs.OfOthersAsync(message.App!, cancellation)).ToList();
            if (conflicts.Count > 0)
            {
                return AppDecision.Refuse(conflicts);
            }
        }

        return new AppDecision
        {
            Changed = plan.Changed,
            Leaving = plan.Leaving,
            Wanted = plan.Wanted.ToDictionary(
                entry => entry.Key,
                entry => new WantedService { ServiceId = entry.Value.ServiceId, Revision = entry.Value.Revision, Replicas = entry.Value.Replicas }),
            NewRevisions = [.. plan.NewRevisions.Select(name => plan.Wanted[name]).Select(service => new RevisionDocument
            {
                ServiceId = service.ServiceId,
                Number = service.Revision,
                App = message.App!,
                Spec = service.Spec,
                TemplateHash = CanonicalJson.TemplateHash(service.Spec),
                RequestedBy = message.RequestedBy,
                CommandId = commandId,
                CreatedAt = time.GetUtcNow(),
            })],
        };
    }
}
