using Orchestrator.Scheduler.Domain.Rollouts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

internal static class RolloutViews
{
    public static RolloutView Of(RolloutDocument rollout) => new()
    {
        State = rollout.State,
        Policy = rollout.Policy,
        IsFirst = rollout.FromRevision is null,
        IsRollback = rollout.IsRollback,
        HasStable = rollout.StableRevision is not null,
        Stage = rollout.Stage,
        Counts = rollout.Counts,
        StartedAt = rollout.StartedAt,
        ProgressAt = rollout.ProgressAt ?? rollout.StartedAt,
        MonitorUntil = rollout.MonitorUntil,
        CountFrom = rollout.CountFrom ?? DateTimeOffset.MinValue,
    };
}
