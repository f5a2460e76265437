using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>
/// Where the local volumes of applications are. A volume is claimed for a node, by compare-and-set, before the first task that has it goes
/// there, so that services that share one meet; it is there for good once a task has run there, until its node is removed.
/// </summary>
internal sealed class VolumeHomes(
    IAppStore apps, ITaskStore tasks, RevisionCache revisions, IPlacementPlanner planner, NodeView view, IOptions<SchedulerOptions> options, TimeProvider time)
{
    /// <summary>Records where tasks have run: their data outlive them.</summary>
    public async Task KeepAsync(ServiceInput input, RevisionDocument revision, CancellationToken cancellation)
    {
        var ranOn = input.Tasks.Where(task => task is { NodeId: not null, RunningAt: not null } && task.TemplateHash == revision.TemplateHash)
            .OrderBy(task => task.State.IsFinal()).ThenByDescending(task => task.RunningAt).Select(task => task.NodeId!).Distinct().ToList();
        if (ranOn.Count == 0 || LocalVolumes.Of(revision.Spec) is not { Count: > 0 } names)
        {
            return;
        }

        while (await apps.FindAsync(input.Service.App, cancellation) is { } app)
        {
            var there = await ExistingAsync([.. ranOn, .. names.Select(name => app.Volumes.GetValueOrDefault(name)?.NodeId).OfType<string>()], cancellation);
            var now = time.GetUtcNow();
            var ran = names.Where(name => app.Volumes.GetValueOrDefault(name) is not { HasData: true } known || !there.ContainsKey(known.NodeId))
                .Select(name => (Name: name, NodeId: app.Volumes.GetValueOrDefault(name) is { } claim && ranOn.Contains(claim.NodeId) ? claim.NodeId : ranOn[0]))
                .Where(volume => there.ContainsKey(volume.NodeId))
                .ToDictionary(volume => volume.Name, volume => new AppVolume { NodeId = volume.NodeId, HasData = true, Since = now });
            if (ran.Count == 0 || await apps.TryReplaceAsync(With(app, ran), cancellation))
            {
                return;
            }
        }
    }

    /// <returns>
    /// The group, bound to where its volumes are; those that are nowhere yet are claimed for the node that is best for it. And when the first
    /// of the claims that no task holds is void: the group may go elsewhere then.
    /// </returns>
    public async Task<(TaskGroup Group, DateTimeOffset? VoidAt)> BindAsync(ServiceInput input, TaskGroup group, CancellationToken cancellation)
    {
        if (LocalVolumes.Of(input.Revision.Spec) is not { Count: > 0 } names)
        {
            return (group, null);
        }

        while (await apps.FindAsync(input.Service.App, cancellation) is { } app)
        {
            var (homes, voidAt) = await HomesAsync(app, names, cancellation);
            var bound = group with { Volumes = homes };
            var open = names.Except(homes.Select(home => home.Volume)).ToList();
            if (open.Count == 0 || view.Decide(cluster => planner.Place(bound, 1, cluster)).NodeIds is not [var nodeId])
            {
                return (bound, voidAt);
            }

            var now = time.GetUtcNow();
            var claims = open.ToDictionary(name => name, _ => new AppVolume { NodeId = nodeId, Since = now });
            if (await apps.TryReplaceAsync(With(app, claims), cancellation))
            {
                (homes, voidAt) = await HomesAsync(With(app, claims), names, cancellation);
                return (group with { Volumes = homes }, voidAt);
            }
        }

        return (group, null);
    }

    /// <returns>Those of the application's volumes whose node is there, for a plan.</returns>
    public static IReadOnlyList<VolumeHome> Planned(IReadOnlyDictionary<string, string> nodeOf, ServiceSpec spec, Cluster cluster) =>
        [.. LocalVolumes.Of(spec).Where(nodeOf.ContainsKey).Select(name => (Name: name, Node: cluster.Find(nodeOf[name])))
            .Where(volume => volume.Node is not null).Select(volume => new VolumeHome(volume.Name, volume.Node!.Node.Id, volume.Node.Node.Name))];

    private async Task<(IReadOnlyList<VolumeHome> Homes, DateTimeOffset? VoidAt)> HomesAsync(AppDocument app, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var known = names.Where(app.Volumes.ContainsKey).Select(name => (Name: name, Volume: app.Volumes[name])).ToList();
        var there = await ExistingAsync([.. known.Select(volume => volume.Volume.NodeId)], cancellation);
        var homes = new List<VolumeHome>();
        DateTimeOffset? voidAt = null;
        foreach (var (name, volume) in known.Where(volume => there.ContainsKey(volume.Volume.NodeId)))
        {
            var until = volume.Since + options.Value.ReservationGrace;
            if (volume.HasData || until > time.GetUtcNow() || await HasLiveTaskAsync(app.Id, name, volume.NodeId, cancellation))
            {
                voidAt = volume.HasData || until <= time.GetUtcNow() || until > voidAt ? voidAt : until;
                homes.Add(new VolumeHome(name, volume.NodeId, there[volume.NodeId]));
            }
        }

        return (homes, voidAt);
    }

    private async Task<bool> HasLiveTaskAsync(string app, string volume, string nodeId, CancellationToken cancellation)
    {
        var live = (await tasks.ListLiveByNodeAsync(nodeId, cancellation)).Where(task => task.App == app).Select(task => (task.ServiceId, task.Revision)).ToList();
        return (await revisions.FindManyAsync(live, cancellation)).Values.Any(revision => LocalVolumes.Of(revision.Spec).Contains(volume));
    }

    /// <returns>The names of those of the nodes that are there. The view may not have heard yet of one that is new.</returns>
    private async Task<IReadOnlyDictionary<string, string>> ExistingAsync(IReadOnlyCollection<string> nodeIds, CancellationToken cancellation)
    {
        await view.RefreshAsync([.. nodeIds.Where(id => view.VersionOf(id) == 0).Distinct()], cancellation);
        return view.Decide(cluster => nodeIds.Distinct().Select(cluster.Find).OfType<NodeState>().ToDictionary(node => node.Node.Id, node => node.Node.Name));
    }

    private static AppDocument With(AppDocument app, IReadOnlyDictionary<string, AppVolume> volumes) =>
        app with { Volumes = app.Volumes.Where(volume => !volumes.ContainsKey(volume.Key)).Concat(volumes).ToDictionary() };
}
