using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>What a rollout's phase and policy allow for so many replicas.</summary>
public static class RolloutBudgets
{
    public static RolloutBudget Of(RolloutView rollout, int replicas)
    {
        var policy = rollout.Policy;
        var startFirst = policy.Order == UpdateOrder.StartFirst;
        var isAtRest = rollout.IsFirst || rollout.State == RolloutState.Completed;
        var stage = isAtRest ? new RolloutStage(replicas, KeepOld: false, Holds: false) : RolloutStage.Now(rollout, replicas);
        var parallelism = Parallelism(policy, replicas);
        if (stage.KeepOld)
        {
            parallelism = Math.Max(parallelism, stage.Until);
        }

        var surge = policy.MaxSurge is { } most ? Amounts.Of(most, replicas, up: true) : startFirst ? parallelism : 0;
        var unavailable = policy.MinAvailable is { } least ? replicas - Math.Min(replicas, Amounts.Of(least, replicas, up: true)) : startFirst ? 0 : parallelism;
        return new RolloutBudget
        {
            Parallelism = parallelism,
            New = stage.Until,
            KeepOld = stage.KeepOld,

            // Of few replicas a share may be none at all: one at a time is the least there is.
            Surge = startFirst ? Math.Max(stage.KeepOld ? stage.Until : 1, surge) : surge,
            Unavailable = startFirst ? unavailable : Math.Max(1, unavailable),
            MaxFailures = isAtRest || policy.FailureAction == FailureAction.Continue ? int.MaxValue : (int)(policy.MaxFailureRatio * replicas),
            Paused = IsPaused(rollout),
            StopFirst = !startFirst,
            MinHealthy = isAtRest ? TimeSpan.Zero : TimeSpan.FromSeconds(policy.MinHealthySeconds),
            Delay = isAtRest ? TimeSpan.Zero : TimeSpan.FromSeconds(policy.DelaySeconds),
            HealthyDeadline = TimeSpan.FromSeconds(policy.HealthyDeadlineSeconds),
            Monitor = TimeSpan.FromSeconds(policy.MonitorSeconds),
            CountFrom = rollout.CountFrom,
        };
    }

    public static int Parallelism(RolloutPolicy policy, int replicas)
    {
        var slots = Amounts.Of(policy.Parallelism, replicas, up: false);
        return slots > 0 ? slots : policy.Parallelism == "0" ? Math.Max(1, replicas) : 1;
    }

    private static bool IsPaused(RolloutView rollout) => rollout.State switch
    {
        RolloutState.Paused or RolloutState.RollingBack or RolloutState.RolledBack or RolloutState.Aborted => true,
        RolloutState.Failed => !rollout.IsFirst && (rollout.Policy.FailureAction != FailureAction.Continue || rollout.IsRollback),
        _ => false,
    };
}
