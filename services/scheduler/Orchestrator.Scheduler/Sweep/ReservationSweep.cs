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
            var live = (await tasks.ListLiveByNodeAsync(node.Id, cancellation)).ToDictionary(task => task.Id);
            await DropAsync(node, live, cancellation);
            await AddAsync(node, live, cancellation);
        }
    }

    private async Task DropAsync(NodeDocument node, Dictionary<string, TaskDocument> live, CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - options.Value.ReservationGrace;
        var stale = node.Reservations
            .Where(entry => entry.Value.ReservedAt < before && !live.ContainsKey(entry.Key))
            .Select(entry => (node.Id, entry.Key))
            .ToList();
        if (stale.Count > 0)
        {
            Log.ReservationsDropped(logger, node.Id, stale.Count);
            await placement.ReleaseAsync(stale, cancellation);
        }
    }

    private async Task AddAsync(NodeDocument node, Dictionary<string, TaskDocument> live, CancellationToken cancellation)
    {
        var bare = live.Values.Where(task => !node.Reservations.ContainsKey(task.Id) && task.State != TaskState.Pending).ToList();
        if (bare.Count == 0)
        {
            return;
        }

        var known = await revisions.FindManyAsync([.. bare.Select(task => (task.ServiceId, task.Revision))], cancellation);
        var now = time.GetUtcNow();
        var demands = bare
            .Where(task => known.ContainsKey((task.ServiceId, task.Revision)))
            .ToDictionary(task => task, task => Demand.Of(known[(task.ServiceId, task.Revision)].Spec.Resources, DemandDefaults.Standard));
        var crowded = Crowded(node, demands);
        await StopAsync(crowded, now, cancellation);
        await placement.AddAsync(
            node.Id,
            demands.Where(entry => !crowded.Contains(entry.Key)).ToDictionary(
                entry => entry.Key.Id, entry => new Reservation { Cpus = entry.Value.Cpus, MemoryBytes = entry.Value.MemoryBytes, ReservedAt = now }),
            cancellation);
    }

    /// <summary>Those that do not run yet and that the node has no room for. What runs is recorded as it is, even where it is more than the node has.</summary>
    private static HashSet<TaskDocument> Crowded(NodeDocument node, Dictionary<TaskDocument, Demand> demands)
    {
        var crowded = new HashSet<TaskDocument>();
        var cpus = node.Capacity.Cpus - node.Reservations.Values.Sum(reservation => reservation.Cpus);
        var memory = node.Capacity.MemoryBytes - node.Reservations.Values.Sum(reservation => reservation.MemoryBytes);
        foreach (var (task, demand) in demands.OrderByDescending(entry => entry.Key.State).ThenBy(entry => entry.Key.Id, StringComparer.Ordinal))
        {
            if (task.State < TaskState.Running && !demand.FitsInto(cpus, memory))
            {
                crowded.Add(task);
                continue;
            }

            cpus -= demand.Cpus;
            memory -= demand.MemoryBytes;
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
