using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Events;
using Orchestrator.Scheduler.Placement;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What follows from a pass: events, what the rollout is told, services that waited for this one.</summary>
internal sealed class PassOutcome(
    IServiceStore services, WaitingServices waiting, ITaskStore tasks, IRevisionStore revisions, IRolloutStore rollouts, IAppStore apps, IBus bus)
{
    /// <summary>The end of a rollout makes its service be looked at again, at once.</summary>
    private static readonly TimeSpan JustEnded = TimeSpan.FromSeconds(1);

    public async Task TellAsync(
        ServiceInput input, ReconcilePlan plan, IReadOnlyList<TaskDocument> stored, ServiceChanges changes, DateTimeOffset now, CancellationToken cancellation)
    {
        var reasons = changes.Reasons;
        var events = new List<OrchestratorEvent>(EventHead.TasksChanged(stored, now));
        if (reasons.Count > 0 && !reasons.SequenceEqual(input.Service.UnschedulableReasons))
        {
            events.Add(new TaskUnschedulable
            {
                EventId = EventHead.NewId(),
                OccurredAt = now,
                App = input.Service.App,
                Service = input.Service.Name,
                Version = input.Service.Version,
                Waiting = stored.Count(task => task.State == TaskState.Pending && task.ServiceId == input.Service.Id),
                Reasons = reasons,
                Changes = [.. changes.Waiting?.Changes.Select(change => change.Text) ?? []],
            });
        }

        await bus.PublishManyAsync(events, cancellation);
        await bus.PublishManyAsync([.. changes.Victims.Select(task => task.ServiceId).Distinct().Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        await TellRolloutAsync(input, plan, reasons, now, cancellation);
        var placed = stored.Concat(input.Tasks.Where(task => task.DirtySince is not null)).Any(task => task is { NodeId: not null, Desired: DesiredState.Run } && !task.State.IsFinal());
        await waiting.GotOnAsync(input.Service, MayLetOthersStart(input, now), placed, cancellation);
    }

    /// <summary>Drops all that is stored of a removed service; tells when it was its application's last.</summary>
    public async Task<bool> ForgetServiceAsync(ServiceInput input, CancellationToken cancellation)
    {
        var service = input.Service;
        await Task.WhenAll(
            tasks.DeleteManyAsync([.. input.Tasks.Select(task => task.Id)], cancellation),
            rollouts.DeleteAllAsync(service.Id, cancellation),
            revisions.DeleteAllAsync(service.Id, cancellation));
        if (!await services.TryDeleteAsync(service.Id, service.Version, cancellation))
        {
            return false;
        }

        var left = await services.ListAsync(service.App, cancellation);
        if (left.Count == 0 && await apps.FindAsync(service.App, cancellation) is { Wanted.Count: 0 } app)
        {
            await bus.Publish(
                new AppRemoved { EventId = EventHead.NewId(), OccurredAt = app.UpdatedAt, App = service.App, Version = app.Version },
                cancellation);
        }

        return true;
    }

    /// <summary>Tells the rollout what it does not know yet. A message that is lost is told again by the next pass.</summary>
    private async Task TellRolloutAsync(ServiceInput input, ReconcilePlan plan, IReadOnlyList<string> reasons, DateTimeOffset now, CancellationToken cancellation)
    {
        if (input.Rollout is not { State: not (RolloutState.Completed or RolloutState.RolledBack or RolloutState.Superseded or RolloutState.Aborted) } rollout || input.Service.Removed)
        {
            return;
        }

        var counts = plan.Counts with { Reason = plan.Counts.Reason ?? (reasons.Count > 0 ? "no node takes a task: " + string.Join("; ", reasons) : null) };
        if (rollout.State == RolloutState.Planned || counts != rollout.Counts)
        {
            await bus.Publish(new RolloutObserved { RolloutId = rollout.Id, Counts = counts, ObservedAt = now }, cancellation);
        }
    }

    /// <summary>It has just got as far as others may wait for.</summary>
    private static bool MayLetOthersStart(ServiceInput input, DateTimeOffset now)
    {
        var service = input.Service;
        var all = input.Tasks.Select(ServiceInput.SnapshotOf).ToList();
        var before = input.Tasks.Where(task => task.DirtySince is null).Select(ServiceInput.SnapshotOf).ToList();
        return (input.Rollout?.EndedAt is { } endedAt && endedAt > now - JustEnded)
            || Enum.GetValues<DependencyCondition>().Any(condition =>
                Dependencies.IsMet(condition, service.Slots ?? service.Replicas, all)
                && (service.DirtySince is not null || !Dependencies.IsMet(condition, service.Slots ?? service.Replicas, before)));
    }
}
