using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Plans;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

internal sealed class DeployAppConsumer(CommandDesk desk, WantedSpecs specs, NodeView view, TimeProvider time) : IConsumer<DeployApp>
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
            Faults = [.. SpecValidator.CheckAppName(message.App), .. message.Spec is null ? ["spec: it is missing"] : SpecValidator.Check(message.Spec, message.App)],
            NewestOrder = app => app.Wanted.Values.Select(wanted => wanted.RollbackOrder).Append(app.LastOrder).Max(),
            DecideAsync = (app, order, cancellation) => DecideAsync(message, id, app, order, cancellation),
        };
        return desk.TakeAsync(command, context.CancellationToken);
    }

    private async Task<AppDecision> DecideAsync(DeployApp message, string commandId, AppDocument? app, long order, CancellationToken cancellation)
    {
        var spec = message.Spec!;
        if (message.PlanIndex is { } index && index != PlanIndex.Of(app))
        {
            return AppDecision.Refuse($"{message.App}: it has changed since plan {index}, it is at {PlanIndex.Of(app)}; plan again");
        }

        var freshIds = spec.Services.Select(_ => NewId.NextGuid().ToString("N")).ToList();
        var current = await specs.OfAsync(app, cancellation);
        var plan = DeployPlanner.Plan(spec, current, freshIds);
        var conflicts = await ConflictsAsync(message.App!, spec.Services, [.. current.Values.Select(service => service.Spec)], cancellation);
        if (conflicts.Count > 0)
        {
            return AppDecision.Refuse(conflicts);
        }

        return new AppDecision
        {
            Whole = true,
            Changed = plan.Changed,
            Leaving = plan.Leaving,
            Wanted = plan.Wanted.ToDictionary(entry => entry.Key, entry => Wanted(entry.Value, app?.Wanted.GetValueOrDefault(entry.Key), order)),
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

    /// <returns>What stands in the way of its ports and networks.</returns>
    private async Task<IReadOnlyList<string>> ConflictsAsync(string app, IReadOnlyList<ServiceSpec> wanted, IReadOnlyList<ServiceSpec> current, CancellationToken cancellation)
    {
        var held = HeldPublishedPorts.Faults(app, wanted, current, view.AnsweringPorts).ToList();
        if (!wanted.Any(service => service.Network is not null || service.Ports.Any(port => port is { Mode: PortMode.Ingress, Published: not null })))
        {
            return held;
        }

        var others = await specs.OfOthersAsync(app, cancellation);
        return [.. PublishedPorts.Conflicts(app, wanted, others), .. held, .. SharedNetworks.Faults(app, wanted, others)];
    }

    /// <summary>A scale that was sent after the deploy stands, though it came before it.</summary>
    private static WantedService Wanted(CurrentService planned, WantedService? now, long order) => new()
    {
        ServiceId = planned.ServiceId,
        Revision = planned.Revision,
        Replicas = now?.ScaleOrder > order ? now.Replicas : planned.Replicas,
        ScaleOrder = now?.ScaleOrder ?? 0,
        RollbackOrder = now?.RollbackOrder ?? 0,
        SetBy = now?.SetBy ?? 0,
    };
}
