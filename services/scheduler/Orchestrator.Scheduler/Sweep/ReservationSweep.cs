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
    INodeStore nodes, ITaskStore tasks, RevisionCache revisions, PlacementDesk placement, Instructor instructor, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<ReservationSweep> logger)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var node in await nodes.ListAsync(cancellation))
        {
            var live = await LiveAsync(node.Id, cancellation);
            await DropAsync(node, live, cancellation);
            if (Bare(node, live).Count > 0 || Marked(node, live).Count > 0)
            {
                await RecordAsync(node.Id, cancellation);
            }
        }
    }

    /// <summary>The node is read before its tasks: one of them that ends meanwhile gives back what it has, and the node is at another version then.</summary>
    private async Task RecordAsync(string nodeId, CancellationToken cancellation)
    {
        while (await nodes.FindAsync(nodeId, cancellation) is { } node)
        {
            var live = await LiveAsync(nodeId, cancellation);
            if (await AddAsync(node, live, cancellation) && await UnmarkAsync(node, live, cancellation))
            {
                return;
            }
        }
    }

    private async Task<Dictionary<string, TaskDocument>> LiveAsync(string nodeId, CancellationToken cancellation) =>
        (await tasks.ListLiveByNodeAsync(nodeId, cancellation)).ToDictionary(task => task.Id);

    private async Task DropAsync(NodeDocument node, Dictionary<string, TaskDocument> live, CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - options.Value.ReservationGrace;
        var awaited = await AwaitedAsync(node, cancellation);
        var stale = node.Reservations
            .Where(entry => entry.Value.ReservedAt < before && !live.ContainsKey(entry.Key) && !awaited.Contains(entry.Value.PreemptedFor ?? ""))
            .Select(entry => (node.Id, entry.Key))
            .ToList();
        if (stale.Count > 0)
        {
            Log.ReservationsDropped(logger, node.Id, stale.Count);
            await placement.ReleaseAsync(stale, cancellation);
        }
    }

    /// <returns>Ids of tasks that wait for others to leave this node.</returns>
    private async Task<IReadOnlySet<string>> AwaitedAsync(NodeDocument node, CancellationToken cancellation)
    {
        var ids = node.Reservations.Values.Select(reservation => reservation.PreemptedFor).OfType<string>().Distinct().ToList();
        return ids.Count == 0 ? new HashSet<string>() : (await tasks.FindManyAsync(ids, cancellation))
            .Where(task => task is { State: TaskState.Pending, Desired: DesiredState.Run } && task.Nomination?.NodeId == node.Id)
            .Select(task => task.Id).ToHashSet();
    }

    /// <summary>Tasks that were marked for one that does not wait for them any more may be asked again.</summary>
    private async Task<bool> UnmarkAsync(NodeDocument node, Dictionary<string, TaskDocument> live, CancellationToken cancellation)
    {
        var marked = Marked(node, live);
        if (marked.Count == 0)
        {
            return true;
        }

        var awaited = await AwaitedAsync(node, cancellation);
        var freed = marked.Where(entry => !awaited.Contains(entry.Value.PreemptedFor!)).ToDictionary(entry => entry.Key, entry => entry.Value with { PreemptedFor = null });
        return freed.Count == 0 || await placement.TryAddAsync(node.Id, node.Version, freed, cancellation);
    }

    private async Task<bool> AddAsync(NodeDocument node, Dictionary<string, TaskDocument> live, CancellationToken cancellation)
    {
        var bare = Bare(node, live);
        if (bare.Count == 0)
        {
            return true;
        }

        var known = await revisions.FindManyAsync([.. bare.Select(task => (task.ServiceId, task.Revision))], cancellation);
        var now = time.GetUtcNow();
        var claims = bare
            .Where(task => known.ContainsKey((task.ServiceId, task.Revision)))
            .ToDictionary(task => task, task => TaskGroups.ClaimOf(task.ServiceId, known[(task.ServiceId, task.Revision)].Spec, options.Value.Demands));
        var crowded = Crowded(node, claims);
        await StopAsync(crowded, now, cancellation);
        var add = claims.Where(entry => !crowded.Contains(entry.Key)).ToDictionary(entry => entry.Key.Id, entry => ReservedClaims.Reserve(entry.Value, now));
        return add.Count == 0 || await placement.TryAddAsync(node.Id, node.Version, add, cancellation);
    }

    private static List<TaskDocument> Bare(NodeDocument node, Dictionary<string, TaskDocument> live) =>
        [.. live.Values.Where(task => !node.Reservations.ContainsKey(task.Id) && task.State != TaskState.Pending)];

    private List<KeyValuePair<string, Reservation>> Marked(NodeDocument node, Dictionary<string, TaskDocument> live)
    {
        var before = time.GetUtcNow() - options.Value.ReservationGrace;
        return [.. node.Reservations.Where(entry => entry.Value.PreemptedFor is not null && entry.Value.ReservedAt < before && live.ContainsKey(entry.Key))];
    }

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
