using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.Scheduler.Domain.Rollouts;
using Orchestrator.Scheduler.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What was read for one pass over a service.</summary>
internal sealed record ServiceInput(
    ServiceDocument Service, RevisionDocument Revision, IReadOnlyList<TaskDocument> Tasks, RolloutDocument? Rollout, RevisionDocument? Kept, bool MayStart)
{
    /// <param name="globalSlots">Of a global service: its slots, each with its node.</param>
    public ServiceSnapshot Snapshot(IReadOnlyDictionary<int, string>? globalSlots) => new()
    {
        Id = Service.Id,
        Revision = Service.Revision,
        TemplateHash = Revision.TemplateHash,
        Replicas = Service.Replicas,
        Removed = Service.Removed,
        MayStart = MayStart,
        Restart = Revision.Spec.Restart,
        Reconcile = Revision.Spec.Disconnect?.Reconcile ?? ReconcileChoice.Best,
        Budget = Rollout is null
            ? RolloutBudget.Idle with { StopFirst = RolloutPolicies.Of(Revision.Spec).Order == UpdateOrder.StopFirst }
            : RolloutBudgets.Of(RolloutViews.Of(Rollout), globalSlots?.Count ?? Service.Replicas),
        Keep = Kept is null ? null : new KeptRevision(Kept.Number, Kept.TemplateHash, Kept.Spec.Restart),
        GlobalSlots = globalSlots,
    };

    /// <summary>Of a task that is planned or waits: the wanted revision, or the one that is kept.</summary>
    public RevisionDocument RevisionOf(int number) => Kept is not null && Kept.Number == number ? Kept : Revision;

    public static TaskSnapshot SnapshotOf(TaskDocument task) => new()
    {
        Id = task.Id,
        Slot = task.Slot,
        Revision = task.Revision,
        TemplateHash = task.TemplateHash,
        Attempt = task.Attempt,
        State = task.State,
        Desired = task.Desired,
        Ready = task.Ready,
        ReadySince = task.ReadySince,
        Unhealthy = task.Health == HealthState.Unhealthy,
        NodeLost = task.NodeLost,
        NodeReturned = task.NodeReturned,
        Replaces = task.Replaces,
        Message = task.Message,
        CreatedAt = task.CreatedAt,
        RunningAt = task.RunningAt,
        FinishedAt = task.FinishedAt,
    };
}
