using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What follows from a pass: events, the rollout's state, services that waited for this one.</summary>
internal sealed class PassOutcome(
    IServiceStore services, ITaskStore tasks, IRevisionStore revisions, IRolloutStore rollouts, IAppStore apps, IBus bus, ILogger<PassOutcome> logger)
{
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

        if (await MoveRolloutAsync(input, plan, now, cancellation) is { } moved)
        {
            events.Add(moved);
        }

        await bus.PublishManyAsync(events, cancellation);
        await bus.PublishManyAsync([.. changes.Victims.Select(task => task.ServiceId).Distinct().Select(id => new ServiceChanged { ServiceId = id })], cancellation);
        await WakeDependentsAsync(input.Service, cancellation);
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

    private async Task<OrchestratorEvent?> MoveRolloutAsync(ServiceInput input, ReconcilePlan plan, DateTimeOffset now, CancellationToken cancellation)
    {
        if (input.Rollout is not { State: RolloutState.Progressing or RolloutState.Failed } rollout || input.Service.Removed)
        {
            return null;
        }

        // A plan that changes tasks has not arrived, whatever the tasks before it looked like.
        var state = plan.Progress.Phase switch
        {
            RolloutPhase.Completed when plan.Create.Count + plan.Stop.Count + plan.Adopt.Count == 0 => RolloutState.Completed,
            RolloutPhase.Failed => RolloutState.Failed,
            _ => rollout.State,
        };
        if (state == rollout.State)
        {
            return null;
        }

        var ended = state == RolloutState.Completed ? now : (DateTimeOffset?)null;
        if (!await rollouts.TryReplaceAsync(rollout with { State = state, Message = plan.Progress.Reason, EndedAt = ended }, cancellation))
        {
            return null;
        }

        Log.RolloutChanged(logger, rollout.Id, state.ToString(), plan.Progress.Reason);
        return state == RolloutState.Completed
            ? new RolloutCompleted
            {
                EventId = EventHead.NewId(),
                OccurredAt = now,
                App = rollout.App,
                Service = rollout.Service,
                RolloutId = rollout.Id,
                FromRevision = rollout.FromRevision,
                ToRevision = rollout.ToRevision,
                Version = rollout.Version + 1,
            }
            : new RolloutFailed
            {
                EventId = EventHead.NewId(),
                OccurredAt = now,
                App = rollout.App,
                Service = rollout.Service,
                RolloutId = rollout.Id,
                FromRevision = rollout.FromRevision,
                ToRevision = rollout.ToRevision,
                Reason = plan.Progress.Reason ?? "tasks fail",
                Version = rollout.Version + 1,
            };
    }

    private async Task WakeDependentsAsync(ServiceDocument service, CancellationToken cancellation)
    {
        var siblings = await services.ListAsync(service.App, cancellation);
        await bus.PublishManyAsync(
            [.. siblings.Where(other => other is { DependenciesMet: false, Removed: false } && other.Id != service.Id).Select(other => new ServiceChanged { ServiceId = other.Id })],
            cancellation);
    }
}
