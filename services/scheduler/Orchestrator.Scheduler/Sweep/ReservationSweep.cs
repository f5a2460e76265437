using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Placement;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Sweep;

/// <summary>Compares what is set aside on nodes with the live tasks there: drops what nobody has, and sets aside for a live task that has nothing.</summary>
internal sealed class ReservationSweep(
    INodeStore nodes, ITaskStore tasks, RevisionCache revisions, NodeView view, PlacementDesk placement, WaitingServices waiting, Instructor instructor, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<ReservationSweep> logger)
{
    /// <summary>Nodes of one look.</summary>
    private const int Slice = 500;

    /// <summary>What the view and an index say is compared first: only nodes on which they differ are read.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await view.CatchUpAsync(cancellation);
        foreach (var slice in view.Decide(cluster => cluster.Nodes.Select(node => node.Node.Id).ToList()).Chunk(Slice))
        {
            var live = await tasks.ListLiveIdsByNodesAsync(slice, cancellation);
            foreach (var nodeId in slice.Where(nodeId => view.Decide(cluster => cluster.Find(nodeId) is { } node && Differ(node, [.. live[nodeId]]))))
            {
                await RepairAsync(nodeId, cancellation);
            }
        }
    }

    /// <summary>Also where a task may have been marked for another: that it waits no more shows only in what is stored.</summary>
    private static bool Differ(NodeState node, HashSet<string> live) =>
        node.Tasks.Count != live.Count || node.Tasks.Any(task => !live.Contains(task.Key) || !task.Value.MayBePreempted);

    /// <summary>
    /// The node is read before its tasks, and all is written on the version read: a task that ends meanwhile gives back what it has, one that is
    /// placed meanwhile sets aside anew, and either makes another version.
    /// </summary>
    private async Task RepairAsync(string nodeId, CancellationToken cancellation)
    {
        while (await nodes.FindAsync(nodeId, cancellation) is { } node)
        {
            var live = await LiveAsync(nodeId, cancellation);
            var awaited = await AwaitedAsync(node, cancellation);
            var unheeded = Old(node).Where(entry => !awaited.Contains(entry.Value.PreemptedFor ?? "")).ToList();
            var stale = unheeded.Where(entry => !live.ContainsKey(entry.Key)).Select(entry => entry.Key).ToList();

            // Tasks that were marked for one that does not wait for them any more may be asked again.
            var add = unheeded.Where(entry => entry.Value.PreemptedFor is not null && live.ContainsKey(entry.Key))
                .Select(entry => KeyValuePair.Create(entry.Key, entry.Value with { PreemptedFor = null }))
                .Concat(await MissingAsync(node, Bare(node, live), cancellation))
                .ToDictionary();
            if (stale.Count + add.Count == 0)
            {
                return;
            }

            if (await placement.TryChangeAsync(nodeId, node.Version, add, stale, cancellation))
            {
                await waiting.RoomCameAsync([nodeId], cancellation);
                if (stale.Count > 0)
                {
                    Log.ReservationsDropped(logger, nodeId, stale.Count);
                }

                return;
            }
        }
    }

    private async Task<Dictionary<string, TaskDocument>> LiveAsync(string nodeId, CancellationToken cancellation) =>
        (await tasks.ListLiveByNodeAsync(nodeId, cancellation)).ToDictionary(task => task.Id);

    /// <returns>Ids of tasks that wait for others to leave this node.</returns>
    private async Task<IReadOnlySet<string>> AwaitedAsync(NodeDocument node, CancellationToken cancellation)
    {
        var ids = node.Reservations.Values.Select(reservation => reservation.PreemptedFor).OfType<string>().Distinct().ToList();
        return ids.Count == 0 ? new HashSet<string>() : (await tasks.FindManyAsync(ids, cancellation))
            .Where(task => task is { State: TaskState.Pending, Desired: DesiredState.Run } && task.Nomination?.NodeId == node.Id)
            .Select(task => task.Id).ToHashSet();
    }

    /// <returns>What is to be set aside for live tasks that have nothing. Those that there is no room for are told to stop.</returns>
    private async Task<IEnumerable<KeyValuePair<string, Reservation>>> MissingAsync(NodeDocument node, List<TaskDocument> bare, CancellationToken cancellation)
    {
        if (bare.Count == 0)
        {
            return [];
        }

        var known = await revisions.FindManyAsync([.. bare.Select(task => (task.ServiceId, task.Revision))], cancellation);
        var (now, snapshot) = (time.GetUtcNow(), NodeSnapshots.Of(node));
        var claims = bare
            .Where(task => known.ContainsKey((task.ServiceId, task.Revision)))
            .ToDictionary(task => task, task => TaskGroups.ClaimOf(task.ServiceId, known[(task.ServiceId, task.Revision)].Spec, options.Value.Demands).On(snapshot));
        var crowded = Crowded(node, claims);
        await StopAsync(crowded, now, cancellation);
        return claims.Where(entry => !crowded.Contains(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key.Id, ReservedClaims.Reserve(entry.Value, now)));
    }

    private IEnumerable<KeyValuePair<string, Reservation>> Old(NodeDocument node)
    {
        var before = time.GetUtcNow() - options.Value.ReservationGrace;
        return node.Reservations.Where(entry => entry.Value.ReservedAt < before);
    }

    private static List<TaskDocument> Bare(NodeDocument node, Dictionary<string, TaskDocument> live) =>
        [.. live.Values.Where(task => !node.Reservations.ContainsKey(task.Id) && task.State != TaskState.Pending)];

    /// <summary>Those that do not run yet and that the node has no room for. What runs is recorded as it is, even where it is more than the node has.</summary>
    private static HashSet<TaskDocument> Crowded(NodeDocument node, Dictionary<TaskDocument, Claim> claims)
    {
        var crowded = new HashSet<TaskDocument>();
        var reserved = new ReservedClaims(null);
        var cluster = new Cluster([NodeSnapshots.Of(node)]);
        foreach (var (id, reservation) in node.Reservations)
        {
            cluster.Add(node.Id, id, reserved.Of(id, reservation));
        }

        foreach (var (task, claim) in claims.OrderByDescending(entry => entry.Key.State).ThenBy(entry => entry.Key.Id, StringComparer.Ordinal))
        {
            if (task.State < TaskState.Running && !NodeFit.HasRoom(claim, cluster.Find(node.Id)!))
            {
                crowded.Add(task);
                continue;
            }

            cluster.Add(node.Id, task.Id, claim);
        }

        return crowded;
    }

    private async Task StopAsync(IReadOnlySet<TaskDocument> crowded, DateTimeOffset now, CancellationToken cancellation)
    {
        var stops = crowded
            .Where(task => task.Desired == DesiredState.Run)
            .Select(task => TaskDrafts.Stop(task, "its node has no room for it any more", now, options.Value.InstructAgainAfter))
            .ToList();
        if (stops.Count > 0)
        {
            var lost = await tasks.ReplaceManyAsync(stops, cancellation);
            await instructor.InstructAsync([.. stops.Where(task => !lost.Contains(task.Id))], cancellation);
        }
    }
}
