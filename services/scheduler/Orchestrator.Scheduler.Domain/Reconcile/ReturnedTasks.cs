using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>
/// Tasks of a node that was lost and came back. A slot keeps the one that has got further; where both have, its replacement. What
/// does not stay is stopped, so that a slot never serves twice.
/// </summary>
internal static class ReturnedTasks
{
    /// <returns>The slot's tasks as they are once that is done, which were taken back and which are told to stop.</returns>
    public static (IReadOnlyList<TaskSnapshot> Tasks, IReadOnlyList<string> Adopted, IReadOnlyList<StopTask> Stopped) Settle(
        ServiceSnapshot service, IReadOnlyList<TaskSnapshot> slot)
    {
        var returned = slot.Where(task => task is { NodeLost: true, NodeReturned: true, Desired: DesiredState.Run } && !task.State.IsFinal()).ToList();
        if (returned.Count == 0)
        {
            return (slot, [], []);
        }

        var others = slot.Except(returned).ToList();
        var adopted = new List<string>();
        var stopped = new List<StopTask>();
        foreach (var task in returned.OrderByDescending(IsWanted).ThenByDescending(Progress).ThenBy(task => task.CreatedAt).ThenBy(task => task.Id, StringComparer.Ordinal))
        {
            // A task of the wanted template is no rival's second: one of another template is replaced in its turn.
            if (others.Any(other => other.IsLive && (IsWanted(other) || !IsWanted(task)) && Stays(other, task, service.Reconcile)))
            {
                stopped.Add(new StopTask(task.Id, "its node was lost, and the slot has another task"));
                others.Add(task with { NodeLost = false, NodeReturned = false, Desired = DesiredState.Stop });
            }
            else
            {
                adopted.Add(task.Id);
                others.Add(task with { NodeLost = false, NodeReturned = false });
            }
        }

        return (others, adopted, stopped);

        bool IsWanted(TaskSnapshot task) => task.TemplateHash == service.TemplateHash;
    }

    /// <summary>The other keeps the slot against the one that returned.</summary>
    private static bool Stays(TaskSnapshot other, TaskSnapshot returned, ReconcileChoice choice) => choice switch
    {
        // Another that returned before it is as much an original.
        ReconcileChoice.KeepOriginal => other.Attempt < returned.Attempt && Progress(other) >= Progress(returned),
        ReconcileChoice.KeepReplacement => other.State > TaskState.Pending,
        _ => Progress(other) >= Progress(returned),
    };

    private static int Progress(TaskSnapshot task) =>
        task.Ready ? 3
        : task.State >= TaskState.Running ? 2
        : task.State > TaskState.Pending ? 1
        : 0;
}
