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
    INodeStore nodes, ITaskStore tasks, RevisionCache revisions, PlacementDesk placement, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<ReservationSweep> logger)
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

        // The containers run already: the truth is recorded, even where it is more than the node has.
        var known = await revisions.FindManyAsync([.. bare.Select(task => (task.ServiceId, task.Revision))], cancellation);
        var now = time.GetUtcNow();
        var add = bare
            .Where(task => known.ContainsKey((task.ServiceId, task.Revision)))
            .ToDictionary(task => task.Id, task =>
            {
                var demand = Demand.Of(known[(task.ServiceId, task.Revision)].Spec.Resources);
                return new Reservation { Cpus = demand.Cpus, MemoryBytes = demand.MemoryBytes, ReservedAt = now };
            });
        await placement.AddAsync(node.Id, add, cancellation);
    }
}
