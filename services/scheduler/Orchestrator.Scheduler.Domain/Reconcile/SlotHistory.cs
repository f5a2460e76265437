using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>What the ended attempts at the wanted template say about the next one in their slot.</summary>
public static class SlotHistory
{
    /// <summary>After so many failures in a row the slot counts as failed; attempts go on.</summary>
    public const int FailuresToFail = 3;

    /// <param name="ended">Ended tasks of one slot and the wanted template.</param>
    /// <param name="policy">The service's restart policy.</param>
    /// <param name="now">The time of the decision.</param>
    public static NextAttempt Next(IEnumerable<TaskSnapshot> ended, RestartPolicy policy, DateTimeOffset now)
    {
        var newestFirst = ended.OrderByDescending(EndOf).ThenByDescending(task => task.Attempt).ToList();
        if (newestFirst.Count == 0 || newestFirst[0].Desired == DesiredState.Stop || newestFirst[0].State == TaskState.Lost || newestFirst[0].NodeLost)
        {
            return NextAttempt.AtOnce;
        }

        // A node's loss is no fault of the task that ran there.
        var last = newestFirst[0];
        var row = newestFirst.TakeWhile(task => task.Desired == DesiredState.Run).Where(task => !task.NodeLost && task.State != TaskState.Lost).ToList();
        var failures = row.TakeWhile(task => RunOf(task) < RestartBackoff.CleanRun).Count();
        var lastFailed = last.State != TaskState.Completed;
        if (policy.Condition == RestartCondition.None || (policy.Condition == RestartCondition.OnFailure && !lastFailed))
        {
            return new NextAttempt(null, lastFailed ? 1 : 0, Ended: true);
        }

        var windowStart = policy.WindowSeconds is { } window and > 0 ? now.AddSeconds(-window) : DateTimeOffset.MinValue;
        var counted = row.Count(task => EndOf(task) >= windowStart);
        if (policy.MaxAttempts is { } max and > 0 && counted > max)
        {
            return new NextAttempt(null, failures, Ended: true);
        }

        return new NextAttempt(EndOf(last) + RestartBackoff.Delay(policy, failures, RestartBackoff.Jitter(last.Id)), failures, Ended: false);
    }

    private static DateTimeOffset EndOf(TaskSnapshot task) => task.FinishedAt ?? task.CreatedAt;

    private static TimeSpan RunOf(TaskSnapshot task) =>
        task.RunningAt is { } from ? EndOf(task) - from : TimeSpan.Zero;
}
