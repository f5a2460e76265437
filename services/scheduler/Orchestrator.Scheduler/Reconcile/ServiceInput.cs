using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What was read for one pass over a service.</summary>
internal sealed record ServiceInput(
    ServiceDocument Service, RevisionDocument Revision, IReadOnlyList<TaskDocument> Tasks, RolloutDocument? Rollout, bool MayStart)
{
    public ServiceSnapshot Snapshot() => new()
    {
        Id = Service.Id,
        Revision = Service.Revision,
        TemplateHash = Revision.TemplateHash,
        Replicas = Service.Replicas,
        Removed = Service.Removed,
        MayStart = MayStart,
        Restart = Revision.Spec.Restart,
        Parallelism = Rollout?.Parallelism ?? 1,
        StopFirst = IsStopFirst(Revision.Spec),
    };

    /// <summary>Where the new task may be refused the node of the old one, the old one goes first, unless people say otherwise.</summary>
    private static bool IsStopFirst(ServiceSpec spec) =>
        spec.Ports.Any(port => port is { Mode: PortMode.Host, Published: not null })
        || spec.Update?.Order == UpdateOrder.StopFirst
        || (spec.Update?.Order is null && (spec.Placement?.MaxReplicasPerNode is not null
            || spec.Placement?.ServiceAffinities.Any(affinity => affinity is { Hard: true, Weight: < 0 } && affinity.Service == spec.Name) == true));

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
        NodeLost = task.NodeLost,
        NodeReturned = task.NodeReturned,
        Message = task.Message,
        CreatedAt = task.CreatedAt,
        RunningAt = task.RunningAt,
        FinishedAt = task.FinishedAt,
    };
}
