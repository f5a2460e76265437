using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>Decides from what the reconciler saw where a rollout goes. A rollout that is paused or ended is not asked about.</summary>
public static class RolloutJudge
{
    /// <returns>The verdict, and the reason of a failure.</returns>
    public static (RolloutVerdict Verdict, string? Reason) Judge(RolloutView rollout, DateTimeOffset now)
    {
        if (rollout.Counts is not { } counts)
        {
            return (RolloutVerdict.Progress, null);
        }

        if (Failure(rollout, counts, now) is { } reason)
        {
            return (OnFailure(rollout), reason);
        }

        if (counts.Converged)
        {
            return (AfterConvergence(rollout, counts, now), null);
        }

        var stage = RolloutStage.Now(rollout, counts.Replicas);
        return stage.Holds && counts.Done >= Math.Min(stage.Until, counts.Replicas) && counts.Old > 0
            ? (rollout.Policy.AutoPromote ? RolloutVerdict.Advance : RolloutVerdict.Hold, null)
            : (RolloutVerdict.Progress, null);
    }

    /// <summary>When time alone may change the verdict; null: it does not.</summary>
    public static DateTimeOffset? Deadline(RolloutView rollout) => rollout.State switch
    {
        RolloutState.Monitoring => rollout.MonitorUntil,
        RolloutState.Planned or RolloutState.Progressing when HasProgressDeadline(rollout) => rollout.ProgressAt.AddSeconds(rollout.Policy.ProgressDeadlineSeconds),
        _ => null,
    };

    private static string? Failure(RolloutView rollout, RolloutCounts counts, DateTimeOffset now)
    {
        if (rollout.IsFirst)
        {
            // There is nothing to protect: attempts go on, and a slot has failed when several in a row did.
            return counts is { Stuck: true, Failed: > 0 } ? counts.Reason ?? "tasks fail" : Late(rollout, counts, now);
        }

        var isFailure = counts.Failed > rollout.Policy.MaxFailureRatio * counts.Replicas || (counts.Stuck && counts.Failed > 0);
        return isFailure && !(rollout.Policy.FailureAction == FailureAction.Continue)
            ? counts.Reason ?? "tasks fail"
            : Late(rollout, counts, now);
    }

    private static string? Late(RolloutView rollout, RolloutCounts counts, DateTimeOffset now) =>
        rollout.State is RolloutState.Planned or RolloutState.Progressing && !counts.Converged && !counts.WaitsForOthers
        && HasProgressDeadline(rollout) && Deadline(rollout) <= now
            ? FormattableString.Invariant($"no further task became ready within {rollout.Policy.ProgressDeadlineSeconds:0.###} s{(counts.Reason is { } reason ? ": " + reason : "")}")
            : null;

    private static bool HasProgressDeadline(RolloutView rollout) => rollout.Policy.ProgressDeadlineSeconds > 0;

    private static RolloutVerdict OnFailure(RolloutView rollout) =>
        rollout.IsFirst || rollout.IsRollback ? RolloutVerdict.Fail
        : rollout.Policy.FailureAction == FailureAction.Pause ? RolloutVerdict.Pause
        : rollout.Policy.FailureAction == FailureAction.Rollback && rollout.HasStable ? RolloutVerdict.RollBack
        : RolloutVerdict.Fail;

    private static RolloutVerdict AfterConvergence(RolloutView rollout, RolloutCounts counts, DateTimeOffset now)
    {
        var isWatched = !rollout.IsFirst && counts.Started > 0 && rollout.Policy.MonitorSeconds > 0;
        return !isWatched || rollout.MonitorUntil <= now ? RolloutVerdict.Complete : RolloutVerdict.Monitor;
    }
}
