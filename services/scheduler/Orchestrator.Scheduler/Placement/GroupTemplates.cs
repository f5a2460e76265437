using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Revisions in the words of placement. What a revision says is read once; what other services say to it, each time it is placed.</summary>
internal sealed class GroupTemplates(Neighbours neighbours, RevisionCache revisions, IOptions<SchedulerOptions> options)
{
    private const int Limit = 10_000;
    private readonly ConcurrentDictionary<(string ServiceId, int Revision), TaskGroup> _known = new();

    /// <summary>Without affinities to other services.</summary>
    public TaskGroup Of(RevisionDocument revision)
    {
        if (_known.Count > Limit)
        {
            _known.Clear();
        }

        return _known.GetOrAdd(
            (revision.ServiceId, revision.Number),
            _ => With(revision.ServiceId, revision.App, revision.Spec, new Dictionary<string, (string Id, ServiceSpec Spec)>()) with { ServiceAffinities = [] });
    }

    /// <summary>Of a spec that need not be stored.</summary>
    /// <param name="others">As <see cref="OthersAsync"/> finds them.</param>
    public TaskGroup With(string serviceId, string app, ServiceSpec spec, IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)> others) =>
        TaskGroups.Of(serviceId, app, spec, others, options.Value.Demands);

    /// <summary>With affinities, and with where its tasks failed lately.</summary>
    public async Task<TaskGroup> ForPlacingAsync(ServiceInput input, DateTimeOffset now, CancellationToken cancellation)
    {
        var template = Of(input.Revision);
        var failures = input.Tasks
            .Where(task => task is { NodeId: not null, Desired: DesiredState.Run, State: TaskState.Failed or TaskState.Rejected } && task.FinishedAt > now - options.Value.FailuresCountFor)
            .GroupBy(task => task.NodeId!).ToDictionary(node => node.Key, node => node.Count());
        var (app, name) = (input.Service.App, input.Service.Name);
        var beside = await neighbours.BesideAsync(app, cancellation);
        var siblings = await SpecsAsync(beside.Where(service => service.App == app && !service.Removed), cancellation);
        siblings[ServiceReference.Full(app, name)] = (input.Service.Id, input.Revision.Spec);
        var others = await OthersAsync(app, beside, [input.Revision.Spec], cancellation);
        if (others.Count > 0 || siblings.Values.Any(service => service.Spec.Placement is { ServiceAffinities.Count: > 0 }))
        {
            template = template with { ServiceAffinities = With(input.Service.Id, app, input.Revision.Spec, siblings.Concat(others).ToDictionary()).ServiceAffinities };
        }

        return failures.Count > 0 ? template with { RecentFailures = failures } : template;
    }

    /// <returns>The services of other applications that those of this one name, or that keep them away, by <c>app/service</c>.</returns>
    public async Task<IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)>> OthersAsync(string app, IEnumerable<ServiceSpec> specs, CancellationToken cancellation) =>
        await OthersAsync(app, await neighbours.BesideAsync(app, cancellation), specs, cancellation);

    private async Task<IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)>> OthersAsync(
        string app, IReadOnlyList<ServiceDocument> beside, IEnumerable<ServiceSpec> specs, CancellationToken cancellation)
    {
        var found = beside
            .Where(service => service.App != app && service.KeepsAway.Any(kept => ServiceReference.AppOf(kept) == app)).ToList();
        var named = specs.SelectMany(spec => spec.Placement?.ServiceAffinities ?? []).Select(affinity => affinity.Service).Where(name => ServiceReference.AppOf(name) is { } other && other != app).ToHashSet();
        foreach (var other in named.Select(ServiceReference.AppOf).Distinct())
        {
            found.AddRange((await neighbours.OfAppAsync(other!, cancellation)).Where(service => named.Contains(ServiceReference.Full(service.App, service.Name))));
        }

        return await SpecsAsync(found.Where(service => !service.Removed), cancellation);
    }

    private async Task<Dictionary<string, (string Id, ServiceSpec Spec)>> SpecsAsync(IEnumerable<ServiceDocument> found, CancellationToken cancellation)
    {
        var byId = found.DistinctBy(service => service.Id).ToList();
        var specs = await revisions.FindManyAsync([.. byId.Select(service => (service.Id, service.Revision))], cancellation);
        return byId.Where(service => specs.ContainsKey((service.Id, service.Revision)))
            .GroupBy(service => ServiceReference.Full(service.App, service.Name)).ToDictionary(same => same.Key, same => (same.Last().Id, specs[(same.Last().Id, same.Last().Revision)].Spec));
    }
}
