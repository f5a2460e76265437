using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Reconcile;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Task documents as a plan wants them.</summary>
internal static class TaskDrafts
{
    public static TaskDocument New(ServiceInput input, NewTask task, DateTimeOffset now) => new()
    {
        Id = task.Id,
        App = input.Service.App,
        Service = input.Service.Name,
        ServiceId = input.Service.Id,
        Slot = task.Slot,
        Revision = task.Revision,
        TemplateHash = input.RevisionOf(task.Revision).TemplateHash,
        Attempt = task.Attempt,
        BoundNodeId = task.NodeId,
        Image = input.RevisionOf(task.Revision).Spec.Container.Image,
        CreatedAt = now,
        UpdatedAt = now,
    };

    public static TaskDocument Assign(TaskDocument task, string nodeId, DateTimeOffset now, TimeSpan instructAgainAfter) => task with
    {
        NodeId = nodeId,
        State = TaskState.Assigned,
        Message = null,
        InstructionVersion = task.InstructionVersion + 1,
        InstructDueAt = now + instructAgainAfter,
        UpdatedAt = now,
    };

    /// <summary>One that no node has ends at once, and no report will say so: it is dirty, so that its service is looked at again.</summary>
    public static TaskDocument Stop(TaskDocument task, string reason, DateTimeOffset now, TimeSpan instructAgainAfter) =>
        task.NodeId is null
            ? task with { Desired = DesiredState.Stop, State = TaskState.Stopped, Message = reason, FinishedAt = now, DirtySince = now, UpdatedAt = now }
            : task with
            {
                Desired = DesiredState.Stop,
                Routed = false,
                NodeLost = task.NodeLost && !task.NodeReturned,
                NodeReturned = false,
                Message = reason,
                InstructionVersion = task.InstructionVersion + 1,
                InstructDueAt = task.NodeLost && !task.NodeReturned ? null : now + instructAgainAfter,
                DirtySince = null,
                UpdatedAt = now,
            };

    /// <summary>Its node came back and the task takes its slot again.</summary>
    public static TaskDocument Adopt(TaskDocument task, DateTimeOffset now, TimeSpan instructAgainAfter) => task with
    {
        NodeLost = false,
        NodeReturned = false,
        Routed = true,
        Message = null,
        InstructionVersion = task.InstructionVersion + 1,
        InstructDueAt = now + instructAgainAfter,
        DirtySince = null,
        UpdatedAt = now,
    };
}
