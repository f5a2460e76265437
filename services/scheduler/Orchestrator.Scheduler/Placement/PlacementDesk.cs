using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Finds nodes for equal tasks and sets capacity aside for them: one delta update per touched node.</summary>
internal sealed class PlacementDesk(INodeStore nodes, NodeView view, IPlacementPlanner planner, TimeProvider time) : IDisposable
{
    // Within a process passes take turns, so that only other processes make a compare-and-set lose.
    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>The node of each task that found one, and why the others did not.</returns>
    public async Task<(IReadOnlyDictionary<string, string> NodeOfTask, IReadOnlyList<string> Reasons)> PlaceAsync(
        TaskGroup group, IReadOnlyList<string> taskIds, CancellationToken cancellation)
    {
        var placed = new Dictionary<string, string>();
        if (taskIds.Count == 0)
        {
            return (placed, []);
        }

        var start = time.GetTimestamp();
        await _turn.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                var open = taskIds.Where(id => !placed.ContainsKey(id)).ToList();
                var result = view.Decide(cluster => planner.Place(group, open.Count, cluster));
                if (result.NodeIds.Count < open.Count && await view.CatchUpAsync(cancellation))
                {
                    // Another scheduler may have made room.
                    continue;
                }

                var lost = await ReserveAsync(group.Claim, open.Zip(result.NodeIds).ToLookup(pair => pair.Second, pair => pair.First), placed, cancellation);
                SchedulerMetrics.PlacementConflicts(lost.Count);
                if (lost.Count == 0)
                {
                    SchedulerMetrics.PlacementDone(placed.Count, taskIds.Count - placed.Count, time.GetElapsedTime(start));
                    return (placed, result.Reasons);
                }

                await view.RefreshAsync(lost, cancellation);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Records what live tasks of the node have without having been placed here.</summary>
    public async Task AddAsync(string nodeId, IReadOnlyDictionary<string, Reservation> add, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            do
            {
                await view.RefreshAsync([nodeId], cancellation);
            }
            while (!await nodes.TryReserveAsync(nodeId, view.VersionOf(nodeId), add, [], cancellation));
            await view.RefreshAsync([nodeId], cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives back what is set aside for tasks that have ended or never came to be. Idempotent.</summary>
    public async Task ReleaseAsync(IReadOnlyList<(string NodeId, string TaskId)> reservations, CancellationToken cancellation)
    {
        if (reservations.Count > 0)
        {
            await nodes.ReleaseAsync(reservations, cancellation);
            await view.RefreshAsync(reservations.Select(reservation => reservation.NodeId).ToHashSet(), cancellation);
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <returns>Nodes whose version was another: somebody else has changed them.</returns>
    private async Task<IReadOnlyList<string>> ReserveAsync(
        Claim claim, ILookup<string, string> tasksOfNode, Dictionary<string, string> placed, CancellationToken cancellation)
    {
        var reservation = new Reservation { Cpus = claim.Demand.Cpus, MemoryBytes = claim.Demand.MemoryBytes, ReservedAt = time.GetUtcNow() };
        var outcomes = await Task.WhenAll(tasksOfNode.Select(async group =>
        {
            var version = view.VersionOf(group.Key);
            var stored = await nodes.TryReserveAsync(group.Key, version, group.ToDictionary(id => id, _ => reservation), [], cancellation);
            return (Node: group.Key, Tasks: group.ToList(), Version: version, Stored: stored);
        }));
        foreach (var outcome in outcomes.Where(outcome => outcome.Stored))
        {
            view.Reserved(outcome.Node, outcome.Version, claim, outcome.Tasks);
            outcome.Tasks.ForEach(id => placed[id] = outcome.Node);
        }

        return [.. outcomes.Where(outcome => !outcome.Stored).Select(outcome => outcome.Node)];
    }
}
