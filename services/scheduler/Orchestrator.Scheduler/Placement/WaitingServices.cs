using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Services with tasks that wait for a node.</summary>
internal sealed class WaitingServices(IServiceStore services, RevisionCache revisions, GroupTemplates groups, NodeView view)
{
    /// <returns>Ids of those for which a change of these nodes may be the end of their waiting.</returns>
    public async Task<IReadOnlyList<string>> ToWakeAsync(IReadOnlyCollection<string> changedNodes, CancellationToken cancellation)
    {
        var waiting = await services.ListUnschedulableAsync(cancellation);
        if (waiting.Count == 0 || changedNodes.Count == 0)
        {
            return [];
        }

        var known = await revisions.FindManyAsync([.. waiting.Select(service => (service.Id, service.Revision))], cancellation);
        return view.Decide(cluster => (IReadOnlyList<string>)[.. waiting
            .Where(service => !known.TryGetValue((service.Id, service.Revision), out var revision) || MayHelp(groups.Of(revision), revision, changedNodes, cluster))
            .Select(service => service.Id)]);
    }

    /// <summary>Rules about places wider than a node, and about other services, may be met elsewhere by what happens here.</summary>
    private static bool MayHelp(TaskGroup group, RevisionDocument revision, IReadOnlyCollection<string> changedNodes, Cluster cluster) =>
        group.Preferences.Any(preference => preference.Hard)
        || revision.Spec.Placement is { ServiceAffinities.Count: > 0 }
        || group.Preemption == Contracts.PreemptionMode.Lower
        || changedNodes.Any(id => cluster.Find(id) is { } node && NodeFit.Reasons(group, node).Count == 0);
}
