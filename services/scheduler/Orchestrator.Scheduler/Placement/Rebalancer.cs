using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Rebalance;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>
/// Levels the nodes by a few moves an hour, where people have switched that on. A move is a mark on the task: its service replaces it on
/// the other node like any task that may not stay, and drops the mark where that node does not take it any more.
/// </summary>
internal sealed class Rebalancer(
    IServiceStore services, ITaskStore tasks, RevisionCache revisions, GroupTemplates groups, NodeView view, IBus bus, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<Rebalancer> logger)
{
    private static readonly TimeSpan BudgetWindow = TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!options.Value.Rebalance)
        {
            return;
        }

        var now = time.GetUtcNow();
        var all = await tasks.ListAsync(null, null, cancellation);
        var budget = options.Value.RebalanceMovesPerHour - all.Count(task => task.Move?.At > now - BudgetWindow);
        if (budget <= 0)
        {
            return;
        }

        var settled = await SettledAsync(all, cancellation);
        var known = await revisions.FindManyAsync([.. settled.Select(service => (service.Id, service.Revision))], cancellation);

        // Who has data on a node stays with them.
        var templates = known.Values.Where(revision => LocalVolumes.Of(revision.Spec).Count == 0).ToDictionary(revision => revision.ServiceId, groups.Of);
        var byId = all.ToDictionary(task => task.Id);
        var fixedTasks = all.Where(task => !(task is { Ready: true, Desired: DesiredState.Run, Move: null, BoundNodeId: null })).Select(task => task.Id).ToHashSet();
        var moves = view.Decide(cluster => RebalancePlanner.Plan(cluster, templates, fixedTasks, budget, options.Value.Balance));
        var marked = moves.Where(move => byId.ContainsKey(move.TaskId))
            .Select(move => byId[move.TaskId] with { Move = new TaskMove(move.ToNodeId, now, "moved to level the nodes: " + move.Reason), DirtySince = now, UpdatedAt = now }).ToList();
        if (marked.Count == 0)
        {
            return;
        }

        var lost = await tasks.ReplaceManyAsync(marked, cancellation);
        Log.TasksMoved(logger, marked.Count - lost.Count, marked[0].Move!.Reason);
        await bus.PublishManyAsync([.. marked.Select(task => task.ServiceId).Distinct().Select(id => new ServiceChanged { ServiceId = id })], cancellation);
    }

    /// <summary>Only services that are where they want to be: an update goes first, and one that waits has nothing to give.</summary>
    private async Task<IReadOnlyList<ServiceDocument>> SettledAsync(IReadOnlyList<TaskDocument> all, CancellationToken cancellation)
    {
        var ready = all.Where(task => task is { Ready: true, Desired: DesiredState.Run, NodeLost: false }).GroupBy(task => task.ServiceId).ToDictionary(service => service.Key, service => service.Count());
        return [.. (await services.ListAsync(null, cancellation)).Where(service =>
            service is { Removed: false, Mode: ServiceMode.Replicated, UnschedulableReasons.Count: 0 } && ready.GetValueOrDefault(service.Id) == service.Replicas)];
    }
}
