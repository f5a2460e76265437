using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>Tasks of the wanted revision that failed, as the rollout counts them.</summary>
internal static class RevisionFailures
{
    /// <summary>Oldest first, each with the reason. Slots that are not wanted any more do not count.</summary>
    public static IReadOnlyList<(TaskSnapshot Task, string Reason)> Of(ServiceSnapshot service, IEnumerable<TaskSnapshot> tasks, DateTimeOffset now) =>
    [
        .. tasks
            .Where(task => task.Revision == service.Revision && service.Wants(task.Slot) && task.Desired == DesiredState.Run && !task.NodeLost)
            .Select(task => (Task: task, Reason: ReasonOf(service, task, now)!))
            .Where(pair => pair.Reason is not null)
            .OrderBy(pair => pair.Task.FinishedAt ?? now).ThenBy(pair => pair.Task.Slot).ThenBy(pair => pair.Task.Attempt),
    ];

    private static string? ReasonOf(ServiceSnapshot service, TaskSnapshot task, DateTimeOffset now)
    {
        var budget = service.Budget;
        if (task.State.IsFinal())
        {
            var at = task.FinishedAt ?? task.CreatedAt;
            var isFault = task.State is TaskState.Failed or TaskState.Rejected || (task.State == TaskState.Completed && service.Restart.Condition == RestartCondition.Any);
            var proved = task.ReadySince is { } since && at - since >= (budget.Monitor > budget.MinHealthy ? budget.Monitor : budget.MinHealthy);
            return isFault && !proved && at >= budget.CountFrom ? $"slot {task.Slot}: {task.Message ?? task.State.ToString()}" : null;
        }

        return task.Ready ? null
            : task.Unhealthy ? $"slot {task.Slot}: unhealthy{(task.Message is { Length: > 0 } message ? ": " + message : "")}"
            : task.State > TaskState.Pending && budget.HealthyDeadline < TimeSpan.MaxValue && Later(task.CreatedAt, budget.CountFrom) + budget.HealthyDeadline <= now
                ? FormattableString.Invariant($"slot {task.Slot}: not ready within {budget.HealthyDeadline.TotalSeconds:0.###} s")
                : null;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
