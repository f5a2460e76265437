using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Explain;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Finds nodes for equal tasks and sets capacity aside for them: one delta update per touched node. Groups that ask meanwhile are served together.</summary>
internal sealed class PlacementDesk : IDisposable
{
    private readonly INodeStore _nodes;
    private readonly NodeView _view;
    private readonly IPlacementPlanner _planner;
    private readonly TimeProvider _time;
    private readonly Together<Asking, PlacementOutcome> _together;

    // Within a process passes take turns, so that only other processes make a compare-and-set lose.
    private readonly SemaphoreSlim _turn = new(1);

    public PlacementDesk(INodeStore nodes, NodeView view, IPlacementPlanner planner, TimeProvider time)
    {
        (_nodes, _view, _planner, _time) = (nodes, view, planner, time);
        _together = new Together<Asking, PlacementOutcome>(PlaceAsync);
    }

    public Task<PlacementOutcome> PlaceAsync(TaskGroup group, IReadOnlyList<string> taskIds, CancellationToken cancellation) =>
        taskIds.Count == 0 ? Task.FromResult(PlacementOutcome.Nothing) : _together.AskAsync(new Asking(group, taskIds), cancellation);

    /// <summary>What finds a node together is set aside together; what is left over asks alone, and is told why it waits.</summary>
    private async Task<IReadOnlyList<PlacementOutcome>> PlaceAsync(IReadOnlyList<Asking> asking, CancellationToken cancellation)
    {
        var outcomes = new List<PlacementOutcome>();
        var placed = asking.Count > 1 ? await PlaceBatchAsync(asking, cancellation) : [PlacementOutcome.Nothing];
        foreach (var (group, found) in asking.Zip(placed))
        {
            IReadOnlyList<string> open = [.. group.TaskIds.Where(id => !found.NodeOf.ContainsKey(id))];
            outcomes.Add(open.Count == 0 ? found : found.With(await PlaceAloneAsync(group.Group, open, cancellation)));
        }

        return outcomes;
    }

    private Task<IReadOnlyList<PlacementOutcome>> PlaceBatchAsync(IReadOnlyList<Asking> asking, CancellationToken cancellation) => InTurnAsync<IReadOnlyList<PlacementOutcome>>(
        async () =>
        {
            var start = _time.GetTimestamp();
            var (results, versions) = _view.Decide(cluster =>
            {
                var results = _planner.PlaceBatch([.. asking.Select(group => new AskingGroup(group.Group, group.TaskIds.Count))], cluster);
                return (results, VersionsOf(results.SelectMany(result => result.NodeIds)));
            });
            var found = asking.Zip(results).SelectMany(pair => pair.First.TaskIds.Zip(pair.Second.NodeIds).Select(task => (TaskId: task.First, NodeId: task.Second, pair.First.Group.Claim))).ToList();
            var placed = new Dictionary<string, string>();
            SchedulerMetrics.PlacementConflicts((await ReserveAsync(found, versions, placed, cancellation)).Count);
            SchedulerMetrics.PlacementDone(placed.Count, 0, _time.GetElapsedTime(start));
            return
            [
                .. asking.Zip(results).Select(pair => new PlacementOutcome
                {
                    NodeOf = pair.First.TaskIds.Where(placed.ContainsKey).ToDictionary(id => id, id => placed[id]),
                    Explanations = pair.First.TaskIds.Zip(pair.Second.Explanations).Where(task => placed.ContainsKey(task.First)).ToDictionary(),
                }),
            ];
        },
        cancellation);

    private async Task<PlacementOutcome> PlaceAloneAsync(TaskGroup group, IReadOnlyList<string> taskIds, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        var placed = new Dictionary<string, string>();
        var explanations = new Dictionary<string, Explanation>();
        return await InTurnAsync(async () =>
        {
            while (true)
            {
                var open = taskIds.Where(id => !placed.ContainsKey(id)).ToList();
                var (result, versions) = _view.Decide(cluster =>
                {
                    var result = _planner.Place(group, open.Count, cluster);
                    return (result, VersionsOf(result.NodeIds.Concat(result.Nominations.Select(nomination => nomination.NodeId))));
                });
                if (result.NodeIds.Count < open.Count && await _view.CatchUpAsync(cancellation))
                {
                    // Another scheduler may have made room.
                    continue;
                }

                foreach (var (id, explanation) in open.Zip(result.Explanations))
                {
                    explanations[id] = explanation;
                }

                var lost = await ReserveAsync([.. open.Zip(result.NodeIds).Select(pair => (pair.First, pair.Second, group.Claim))], versions, placed, cancellation);
                SchedulerMetrics.PlacementConflicts(lost.Count);
                var (nominations, stale) = await NominateAsync(result, lost.Count == 0 ? [.. open.Skip(result.NodeIds.Count)] : [], versions, cancellation);
                if (lost.Count + stale.Count == 0)
                {
                    SchedulerMetrics.PlacementDone(placed.Count, taskIds.Count - placed.Count, _time.GetElapsedTime(start));
                    return new PlacementOutcome { NodeOf = placed, Explanations = explanations, Nominations = nominations, Reasons = result.Reasons, Waiting = result.Waiting };
                }

                await _view.RefreshAsync([.. lost, .. stale], cancellation);
            }
        }, cancellation);
    }

    /// <summary>Each task has one node that it may be on.</summary>
    /// <param name="nodeOf">By task id.</param>
    public async Task<PlacementOutcome> PlaceBoundAsync(TaskGroup group, IReadOnlyDictionary<string, string> nodeOf, CancellationToken cancellation)
    {
        if (nodeOf.Count == 0)
        {
            return PlacementOutcome.Nothing;
        }

        var placed = new Dictionary<string, string>();
        return await InTurnAsync(async () =>
        {
            while (true)
            {
                var open = nodeOf.Where(entry => !placed.ContainsKey(entry.Key)).ToList();
                var (refusals, versions) = _view.Decide(cluster => (
                    Refusals(group, cluster, open),
                    VersionsOf(open.Select(entry => entry.Value))));
                if (refusals.Values.Any(refusal => refusal is not null) && await _view.CatchUpAsync(cancellation))
                {
                    continue;
                }

                var fitting = open.Where(entry => refusals[entry.Key] is null).Select(entry => (entry.Key, entry.Value, group.Claim)).ToList();
                var lost = await ReserveAsync(fitting, versions, placed, cancellation);
                if (lost.Count == 0)
                {
                    var against = refusals.Values.OfType<Refusal>().OrderBy(refusal => refusal.NodeId, StringComparer.Ordinal).ToList();
                    return new PlacementOutcome
                    {
                        NodeOf = placed,
                        Reasons = [.. against.Select(refusal => refusal.ToString())],
                        Waiting = against.Count == 0 ? null : new Explanation { NodesLookedAt = open.Count, Refusals = against },
                    };
                }

                await _view.RefreshAsync(lost, cancellation);
            }
        }, cancellation);
    }

    /// <summary>The victims have ended: those they were stopped for get what was set aside for them, in one step.</summary>
    /// <returns>False when the node would not take them any more; what the victims had is given back then.</returns>
    public Task<bool> TakeOverAsync(TaskGroup group, string nodeId, IReadOnlyList<string> taskIds, IReadOnlyList<string> victims, CancellationToken cancellation) =>
        InTurnAsync(async () =>
        {
            while (true)
            {
                await _view.RefreshAsync([nodeId], cancellation);
                var reservation = ReservedClaims.Reserve(ClaimOn(group.Claim, nodeId), _time.GetUtcNow());
                var (fits, version) = _view.Decide(cluster => (
                    cluster.Find(nodeId) is { } node && Enumerable.Range(0, taskIds.Count)
                        .All(taken => NodeFit.Reasons(group, node.Without(victims).With(group.Claim, taken)).Count == 0),
                    _view.VersionOf(nodeId)));
                if (!fits)
                {
                    await _nodes.ReleaseAsync([.. victims.Select(victim => (nodeId, victim))], cancellation);
                    await _view.RefreshAsync([nodeId], cancellation);
                    return false;
                }

                if (await _nodes.TryReserveAsync(nodeId, version, taskIds.ToDictionary(id => id, _ => reservation), victims, cancellation))
                {
                    await _view.RefreshAsync([nodeId], cancellation);
                    return true;
                }
            }
        }, cancellation);

    /// <summary>Sets right what is set aside on a node.</summary>
    /// <param name="version">The node's when it was decided.</param>
    /// <returns>False, and nothing changed, when the node is at another by now.</returns>
    public async Task<bool> TryChangeAsync(
        string nodeId, long version, IReadOnlyDictionary<string, Reservation> add, IReadOnlyList<string> remove, CancellationToken cancellation)
    {
        var stored = await _nodes.TryReserveAsync(nodeId, version, add, remove, cancellation);
        await _view.RefreshAsync([nodeId], cancellation);
        return stored;
    }

    /// <summary>Gives back what is set aside for tasks that are not on the node and never will be. Idempotent.</summary>
    public async Task ReleaseAsync(IReadOnlyList<(string NodeId, string TaskId)> reservations, CancellationToken cancellation)
    {
        if (reservations.Count > 0)
        {
            await _nodes.ReleaseAsync(reservations, cancellation);
            await _view.RefreshAsync(reservations.Select(reservation => reservation.NodeId).ToHashSet(), cancellation);
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <returns>By task id; null for one that its node takes, with those before it there, or that another scheduler has just set aside for.</returns>
    private static Dictionary<string, Refusal?> Refusals(TaskGroup group, Cluster cluster, IReadOnlyList<KeyValuePair<string, string>> nodeOf)
    {
        var refusals = new Dictionary<string, Refusal?>();
        foreach (var bound in nodeOf.GroupBy(entry => entry.Value, entry => entry.Key))
        {
            var (node, taken) = (cluster.Find(bound.Key), 0);
            foreach (var taskId in bound)
            {
                var isThere = node?.Tasks.ContainsKey(taskId) == true;
                refusals[taskId] = isThere ? null : Refusal(group, node?.With(group.Claim, taken), bound.Key);
                taken += isThere || refusals[taskId] is not null ? 0 : 1;
            }
        }

        return refusals;
    }

    private static Refusal? Refusal(TaskGroup group, NodeState? node, string nodeId) => node switch
    {
        null => new Refusal(nodeId, nodeId, ["is gone"]),
        _ when NodeFit.Reasons(group, node) is { Count: > 0 } reasons => new Refusal(nodeId, node.Node.Name, reasons),
        _ => null,
    };

    /// <summary>Marks the victims, so that nobody else counts on them.</summary>
    /// <returns>The nomination of each task that got one, and nodes whose version was another.</returns>
    private async Task<(IReadOnlyDictionary<string, TaskNomination> Nominations, IReadOnlyList<string> Stale)> NominateAsync(
        PlacementResult result, IReadOnlyList<string> open, IReadOnlyDictionary<string, long> versions, CancellationToken cancellation)
    {
        var nominations = new Dictionary<string, TaskNomination>();
        var stale = new List<string>();
        foreach (var node in open.Zip(result.Nominations).GroupBy(pair => pair.Second.NodeId))
        {
            var victims = node.SelectMany(pair => pair.Second.Victims).Distinct().ToList();
            var now = _time.GetUtcNow();
            var marked = _view.Decide(cluster => _view.VersionOf(node.Key) != versions[node.Key] ? null : victims.ToDictionary(
                victim => victim, victim => ReservedClaims.Reserve(cluster.Find(node.Key)!.Tasks[victim], now) with { PreemptedFor = node.First().First }));
            if (marked is null || !await _nodes.TryReserveAsync(node.Key, versions[node.Key], marked, [], cancellation))
            {
                stale.Add(node.Key);
                continue;
            }

            await _view.RefreshAsync([node.Key], cancellation);
            foreach (var (task, nomination) in node)
            {
                nominations[task] = new TaskNomination(node.Key, victims, nomination.Reason);
            }
        }

        return (nominations, nominations.Count > 0 ? [] : stale);
    }

    /// <summary>Taken in the look that a decision is made on: the view moves on while the turn is held, and a write may name only what was decided on.</summary>
    private Dictionary<string, long> VersionsOf(IEnumerable<string> nodeIds) => nodeIds.Distinct().ToDictionary(id => id, _view.VersionOf);

    /// <summary>Where the node is another meanwhile, so is its version, and what is written of it is refused.</summary>
    private Claim ClaimOn(Claim claim, string nodeId) => _view.Decide(cluster => cluster.Find(nodeId) is { } node ? claim.On(node.Node) : claim);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <returns>Nodes whose version was another: somebody else has changed them.</returns>
    private async Task<IReadOnlyList<string>> ReserveAsync(
        IReadOnlyList<(string TaskId, string NodeId, Claim Claim)> tasks, IReadOnlyDictionary<string, long> versions, Dictionary<string, string> placed, CancellationToken cancellation)
    {
        if (tasks.Count == 0)
        {
            return [];
        }

        var now = _time.GetUtcNow();
        var tasksOf = tasks.ToLookup(task => task.NodeId);
        var changes = tasksOf.Select(node =>
        {
            // Equal tasks share one reservation.
            var reservations = node.Select(task => task.Claim).Distinct(ReferenceEqualityComparer.Instance).Cast<Claim>()
                .ToDictionary<Claim, Claim, Reservation>(claim => claim, claim => ReservedClaims.Reserve(ClaimOn(claim, node.Key), now), ReferenceEqualityComparer.Instance);
            return new ReservationChange(node.Key, versions[node.Key], node.ToDictionary(task => task.TaskId, task => reservations[task.Claim]));
        }).ToList();
        var lost = await _nodes.ReserveManyAsync(changes, cancellation);
        foreach (var change in changes.Where(change => !lost.Contains(change.NodeId)))
        {
            _view.Reserved(change.NodeId, change.Version, tasksOf[change.NodeId].Select(task => (task.TaskId, task.Claim)));
            foreach (var id in change.Add.Keys)
            {
                placed[id] = change.NodeId;
            }
        }

        return [.. lost];
    }

    private sealed record Asking(TaskGroup Group, IReadOnlyList<string> TaskIds);
}
