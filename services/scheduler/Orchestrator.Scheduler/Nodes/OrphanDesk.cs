using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Reconcile;
using Orchestrator.Scheduler.Reports;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Nodes;

/// <summary>Containers that no stored task knows: those that fit a known service are taken over, the rest is kept for people to decide. None is stopped unasked.</summary>
internal sealed class OrphanDesk(
    INodeStore nodes, IServiceStore services, ITaskStore tasks, RevisionCache revisions, TaskAdoption adoption, IBus bus, TimeProvider time, ILogger<OrphanDesk> logger)
{
    /// <param name="nodeId">Which told.</param>
    /// <param name="unknown">Containers that run there and that no stored task knows.</param>
    /// <param name="ended">Task ids that are known to have ended there.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Tasks that were taken over.</returns>
    public async Task<IReadOnlyList<TaskDocument>> TakeAsync(string nodeId, IReadOnlyList<TaskReport> unknown, IReadOnlySet<string> ended, CancellationToken cancellation)
    {
        if (await nodes.FindAsync(nodeId, cancellation) is not { } node)
        {
            await TellAsync(nodeId, [.. unknown.Select(report => report.Unknown!)], cancellation);
            return [];
        }

        if (unknown.Count == 0 && !(node.Orphans.Count > 0 && ended.Count > 0))
        {
            return [];
        }

        // Those kept from before too: what stood in their way may have ended.
        var candidates = node.Orphans.Where(orphan => !ended.Contains(orphan.TaskId) && unknown.All(report => report.TaskId != orphan.TaskId))
            .Concat(unknown.Select(report => new Orphan { TaskId = report.TaskId, Container = report.Unknown!, ContainerId = report.ContainerId, AgentEpoch = report.AgentEpoch, SeenAt = time.GetUtcNow(), Reason = "" }))
            .DistinctBy(orphan => orphan.TaskId).ToList();
        var adopted = new List<TaskDocument>();
        var kept = new List<Orphan>();
        foreach (var orphan in candidates)
        {
            var (task, reason) = await FitAsync(nodeId, orphan, cancellation);
            if (task is not null)
            {
                adopted.Add(task);
            }
            else if (reason is not null)
            {
                kept.Add(orphan with { Reason = reason });
            }
        }

        await KeepAsync(nodeId, candidates.Select(orphan => orphan.TaskId).Concat(ended).ToHashSet(), kept, cancellation);
        return adopted;
    }

    /// <summary>People decide: it becomes a task of its service, which replaces it if it is not as wanted.</summary>
    /// <returns>Why it cannot be.</returns>
    public async Task<string?> AdoptAsync(string nodeId, Orphan orphan, CancellationToken cancellation)
    {
        var service = await ServiceOfAsync(orphan, cancellation);
        if (service is null or { Removed: true })
        {
            return $"orphan {orphan.TaskId}: there is no service {orphan.Container.App}/{orphan.Container.Service}; deploy it first, or stop the container";
        }

        var revision = await revisions.FindAsync(service.Id, orphan.Container.Revision, cancellation);
        await adoption.AdoptAsync(orphan.TaskId, nodeId, service, revision, orphan.Container.Slot, attempt: null, cancellation);
        await ForgetAsync(nodeId, orphan.TaskId, cancellation);
        await bus.Publish(new ServiceChanged { ServiceId = service.Id }, cancellation);
        return null;
    }

    public async Task StopAsync(string nodeId, Orphan orphan, CancellationToken cancellation)
    {
        var stop = new NodeTask { TaskId = orphan.TaskId, Version = 1, Desired = DesiredState.Stop, Routed = false, Observed = TaskState.Running };
        await bus.SendManyAsync([(NodeQueue.Address(nodeId), new UpdateNodeTasks { NodeId = nodeId, Tasks = [stop] })], cancellation);
    }

    private async Task<(TaskDocument? Task, string? Reason)> FitAsync(string nodeId, Orphan orphan, CancellationToken cancellation)
    {
        var service = await ServiceOfAsync(orphan, cancellation);
        var stored = service is null ? [] : await tasks.ListByServiceAsync(service.Id, cancellation);
        if (stored.FirstOrDefault(task => task.Id == orphan.TaskId) is { } same)
        {
            if (!same.State.IsFinal() && (same.NodeId is null || same.NodeId == nodeId))
            {
                // Its service has come to want this very task since the report was read.
                return (null, null);
            }

            return (null, same.NodeId == nodeId ? "its task has ended" : "its task is on another node");
        }

        var revision = service is null ? null : await revisions.FindAsync(service.Id, orphan.Container.Revision, cancellation);
        var snapshot = service is null ? null : new ServiceSnapshot
        {
            Id = service.Id, Revision = service.Revision, TemplateHash = "", Replicas = service.Replicas, Removed = service.Removed,
            GlobalSlots = service.Mode == ServiceMode.Global ? new Dictionary<int, string>() : null,
        };
        var (attempt, reason) = OrphanRules.Fit(orphan.TaskId, orphan.Container, nodeId, snapshot, revision is not null, stored.Select(task => (ServiceInput.SnapshotOf(task), task.NodeId)));
        return reason is not null
            ? (null, reason)
            : (await adoption.AdoptAsync(orphan.TaskId, nodeId, service!, revision, orphan.Container.Slot, attempt, cancellation), null);
    }

    private async Task<ServiceDocument?> ServiceOfAsync(Orphan orphan, CancellationToken cancellation) =>
        (await services.ListAsync(orphan.Container.App, cancellation)).LastOrDefault(service => service.Name == orphan.Container.Service);

    private Task ForgetAsync(string nodeId, string taskId, CancellationToken cancellation) =>
        ChangeAsync(nodeId, orphans => [.. orphans.Where(orphan => orphan.TaskId != taskId)], cancellation);

    /// <summary>What another report has put there meanwhile stays.</summary>
    private async Task KeepAsync(string nodeId, HashSet<string> looked, List<Orphan> kept, CancellationToken cancellation)
    {
        var added = await ChangeAsync(nodeId, orphans => [.. orphans.Where(orphan => !looked.Contains(orphan.TaskId)), .. kept], cancellation);
        await TellAsync(nodeId, [.. added.Select(orphan => orphan.Container)], cancellation);
    }

    private async Task TellAsync(string nodeId, IReadOnlyList<ContainerIdentity> containers, CancellationToken cancellation)
    {
        if (containers.Count > 0)
        {
            Log.ContainersUnknown(logger, nodeId, containers.Count);
            await bus.Publish(new ContainersUnknown { EventId = EventHead.NewId(), OccurredAt = time.GetUtcNow(), NodeId = nodeId, Containers = containers }, cancellation);
        }
    }

    /// <returns>Those that were not there before.</returns>
    private async Task<IReadOnlyList<Orphan>> ChangeAsync(string nodeId, Func<IReadOnlyList<Orphan>, IReadOnlyList<Orphan>> change, CancellationToken cancellation)
    {
        while (await nodes.FindAsync(nodeId, cancellation) is { } node)
        {
            var before = node.Orphans.ToDictionary(orphan => orphan.TaskId);
            var after = change(node.Orphans).Select(orphan => before.TryGetValue(orphan.TaskId, out var known) && known.Reason == orphan.Reason ? known with { AgentEpoch = orphan.AgentEpoch } : orphan).ToList();
            if (after.SequenceEqual(node.Orphans) || await nodes.TryReplaceAsync(node with { Orphans = after, UpdatedAt = time.GetUtcNow() }, cancellation))
            {
                return [.. after.Where(orphan => !before.ContainsKey(orphan.TaskId))];
            }
        }

        return [];
    }
}
