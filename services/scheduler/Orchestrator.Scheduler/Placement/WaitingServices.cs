using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>
/// Services with tasks that wait for a node. No clock looks at them: whoever changes what could be the end of their waiting wakes them.
/// That is stored before it is told, so that a message that is lost only makes it later.
/// </summary>
internal sealed class WaitingServices(IServiceStore services, RevisionCache revisions, GroupTemplates groups, NodeView view, IBus bus, TimeProvider time)
{
    private readonly Together<bool, IReadOnlyList<ServiceDocument>> _unschedulable = Groups.OfOneAnswer(services.ListUnschedulableAsync);

    private readonly Together<string, IReadOnlyList<ServiceDocument>> _withUnschedulable = new(async (asked, cancellation) =>
    {
        var found = await services.ListWithUnschedulableAsync([.. asked.Distinct()], cancellation);
        return [.. asked.Select(app => (IReadOnlyList<ServiceDocument>)[.. found.Where(service => service.App == app || service.UnschedulableReasons.Count > 0)])];
    });

    /// <summary>A node is another than it was, or gone: it may take them, and what is told against it is another.</summary>
    /// <returns>All their ids, for who tells services of the node anyway.</returns>
    public async Task<IReadOnlyList<string>> OfAnyNodeAsync(CancellationToken cancellation) =>
        [.. (await services.ListUnschedulableAsync(cancellation)).Select(service => service.Id)];

    /// <summary>Less is set aside on nodes than before.</summary>
    public async Task RoomCameAsync(IReadOnlyCollection<string> nodeIds, CancellationToken cancellation)
    {
        if (nodeIds.Count > 0 && await WaitingAsync(cancellation) is { Count: > 0 } waiting)
        {
            await WakeAsync(Fitting(waiting, nodeIds), cancellation);
        }
    }

    /// <summary>Tasks are not where they were any more: there is room, who must not be beside them may come, and a volume may have no task left that holds it.</summary>
    public async Task TasksEndedAsync(IReadOnlyCollection<TaskDocument> ended, CancellationToken cancellation)
    {
        if (ended.Count == 0 || await WaitingAsync(cancellation) is not { Count: > 0 } waiting)
        {
            return;
        }

        var left = await KeptAwayAsync(ended.Select(task => task.ServiceId).ToHashSet(), cancellation);
        var gone = ended.Select(task => ServiceReference.Full(task.App, task.Service)).ToHashSet();
        var apps = ended.Select(task => task.App).ToHashSet();
        var free = waiting.Where(service => left.Contains(service.Name)
            || service.Specs.Any(spec => TaskGroups.KeptAway(service.Document.App, spec).Any(away => gone.Contains(away.Service)))
            || (apps.Contains(service.Document.App) && service.Specs.Any(spec => LocalVolumes.Of(spec).Count > 0)));
        await WakeAsync([.. Fitting(waiting, [.. ended.Select(task => task.NodeId).OfType<string>().Distinct()]).Concat(free).DistinctBy(service => service.Document.Id)], cancellation);
    }

    /// <summary>A service got on.</summary>
    /// <param name="service">The service.</param>
    /// <param name="letsStart">It is as far as others of its application may wait for. Should this be missed, they look again by themselves.</param>
    /// <param name="placed">Tasks of it have a node.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task GotOnAsync(ServiceDocument service, bool letsStart, bool placed, CancellationToken cancellation)
    {
        if (!letsStart && !placed)
        {
            return;
        }

        var found = await _withUnschedulable.AskAsync(service.App, cancellation);
        if (letsStart)
        {
            await bus.PublishManyAsync(
                [.. found.Where(other => other is { DependenciesMet: false, Removed: false } && other.App == service.App && other.Id != service.Id).Select(other => new ServiceChanged { ServiceId = other.Id })],
                cancellation);
        }

        if (placed)
        {
            await TasksPlacedAsync(service, [.. found.Where(other => other.UnschedulableReasons.Count > 0)], cancellation);
        }
    }

    /// <summary>Who must be near them may come.</summary>
    private async Task TasksPlacedAsync(ServiceDocument placed, IReadOnlyList<ServiceDocument> waiting, CancellationToken cancellation)
    {
        var name = ServiceReference.Full(placed.App, placed.Name);
        await WakeAsync(
            [.. (await WithRevisionsAsync(waiting, cancellation)).Where(service => service.Document.Id != placed.Id && service.Specs.Any(spec => (spec.Placement?.ServiceAffinities ?? [])
                .Any(affinity => affinity is { Hard: true, Weight: > 0 } && ServiceReference.Full(service.Document.App, affinity.Service) == name)))],
            cancellation);
    }

    /// <summary>What an application's services say of one another is another, and whom they keep away.</summary>
    /// <param name="app">The application.</param>
    /// <param name="before">Its services as they were.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task AppChangedAsync(string app, IReadOnlyList<ServiceDocument> before, CancellationToken cancellation)
    {
        var kept = before.SelectMany(service => service.KeepsAway).ToHashSet();
        await WakeAsync([.. (await WaitingAsync(cancellation)).Where(service => service.Document.App == app || kept.Contains(service.Name))], cancellation);
    }

    private async Task<IReadOnlyList<Waiting>> WaitingAsync(CancellationToken cancellation) =>
        await WithRevisionsAsync(await _unschedulable.AskAsync(true, cancellation), cancellation);

    private async Task<IReadOnlyList<Waiting>> WithRevisionsAsync(IReadOnlyList<ServiceDocument> waiting, CancellationToken cancellation)
    {
        if (waiting.Count == 0)
        {
            return [];
        }

        var known = await revisions.FindManyAsync([.. waiting.SelectMany(RevisionsOf)], cancellation);
        return [.. waiting.Select(service => new Waiting(service, [.. RevisionsOf(service).Where(known.ContainsKey).Select(key => known[key])]))];
    }

    private static IEnumerable<(string ServiceId, int Number)> RevisionsOf(ServiceDocument service) =>
        new[] { service.Revision, service.KeptRevision ?? service.Revision }.Distinct().Select(number => (service.Id, number));

    /// <summary>Rules about places wider than a node may be met elsewhere by what happens here, and room may be enough together with what others are stopped for.</summary>
    private IReadOnlyList<Waiting> Fitting(IReadOnlyList<Waiting> waiting, IReadOnlyCollection<string> nodeIds) => view.Decide(cluster =>
    {
        var changed = nodeIds.Select(cluster.Find).OfType<NodeState>().ToList();
        return (IReadOnlyList<Waiting>)[.. waiting.Where(service => service.Revisions.Select(groups.Of).Any(group =>
            group.Preferences.Any(preference => preference.Hard)
            || group.Preemption == PreemptionMode.Lower
            || changed.Any(node => NodeFit.Reasons(group, node).Count == 0)))];
    });

    /// <returns>The services that these keep away, as <c>app/service</c>.</returns>
    private async Task<IReadOnlySet<string>> KeptAwayAsync(IReadOnlySet<string> serviceIds, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(serviceIds.Select(id => services.FindAsync(id, cancellation)));
        var specs = await revisions.FindManyAsync([.. found.OfType<ServiceDocument>().Select(service => (service.Id, service.Revision))], cancellation);
        return specs.Values.SelectMany(revision => TaskGroups.KeptAway(revision.App, revision.Spec)).Select(away => away.Service).ToHashSet();
    }

    private async Task WakeAsync(IReadOnlyList<Waiting> woken, CancellationToken cancellation)
    {
        await Task.WhenAll(woken.Select(service => MarkAsync(service.Document, cancellation)));
        await bus.PublishManyAsync([.. woken.Select(service => new ServiceChanged { ServiceId = service.Document.Id })], cancellation);
    }

    /// <summary>Written even where it is marked already: a pass that has begun with that mark must not take this one away.</summary>
    private async Task MarkAsync(ServiceDocument service, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        for (var stored = service; stored is { UnschedulableReasons.Count: > 0 }; stored = await services.FindAsync(service.Id, cancellation))
        {
            if (await services.TryReplaceAsync(stored with { DirtySince = stored.DirtySince ?? now, UpdatedAt = now }, cancellation))
            {
                return;
            }
        }
    }

    private sealed record Waiting(ServiceDocument Document, IReadOnlyList<RevisionDocument> Revisions)
    {
        public string Name => ServiceReference.Full(Document.App, Document.Name);

        public IEnumerable<ServiceSpec> Specs => Revisions.Select(revision => revision.Spec);
    }
}
