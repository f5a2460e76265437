using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Revisions in the words of placement. What a revision says is read once; what other services say to it, each time it is placed.</summary>
internal sealed class GroupTemplates(IServiceStore services, RevisionCache revisions, IOptions<SchedulerOptions> options)
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
            _ => TaskGroups.Of(revision.ServiceId, revision.Spec, new Dictionary<string, (string Id, ServiceSpec Spec)>(), options.Value.Demands));
    }

    /// <summary>Of a spec that is not stored.</summary>
    public TaskGroup With(string serviceId, ServiceSpec spec, IReadOnlyDictionary<string, (string Id, ServiceSpec Spec)> siblings) =>
        TaskGroups.Of(serviceId, spec, siblings, options.Value.Demands);

    /// <summary>With affinities, and with where its tasks failed lately.</summary>
    public async Task<TaskGroup> ForPlacingAsync(ServiceInput input, DateTimeOffset now, CancellationToken cancellation)
    {
        var template = Of(input.Revision);
        var failures = input.Tasks
            .Where(task => task is { NodeId: not null, Desired: DesiredState.Run, State: TaskState.Failed or TaskState.Rejected } && task.FinishedAt > now - options.Value.FailuresCountFor)
            .GroupBy(task => task.NodeId!).ToDictionary(node => node.Key, node => node.Count());
        var siblings = (await services.ListAsync(input.Service.App, cancellation)).Where(service => !service.Removed).ToList();
        var specs = await revisions.FindManyAsync([.. siblings.Select(service => (service.Id, service.Revision))], cancellation);
        if (specs.Values.Any(revision => revision.Spec.Placement is { ServiceAffinities.Count: > 0 }))
        {
            var byName = siblings.Where(service => specs.ContainsKey((service.Id, service.Revision)))
                .GroupBy(service => service.Name).ToDictionary(same => same.Key, same => (same.Last().Id, specs[(same.Last().Id, same.Last().Revision)].Spec));
            byName[input.Service.Name] = (input.Service.Id, input.Revision.Spec);
            template = template with { ServiceAffinities = With(input.Service.Id, input.Revision.Spec, byName).ServiceAffinities };
        }

        return failures.Count > 0 ? template with { RecentFailures = failures } : template;
    }
}
