using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>Where a rollout stands on its way, in words.</summary>
/// <param name="Step">The step it is at.</param>
/// <param name="Steps">How many there are for so many replicas.</param>
/// <param name="Next">What comes next.</param>
/// <param name="Blocker">What it waits for; null: nothing.</param>
public sealed record RolloutOutlook(int Step, int Steps, string? Next, string? Blocker)
{
    public static RolloutOutlook Of(RolloutView rollout, string? message)
    {
        var counts = rollout.Counts ?? new RolloutCounts();
        var replicas = counts.Replicas;
        var batch = rollout.IsFirst ? Math.Max(1, replicas) : RolloutBudgets.Parallelism(rollout.Policy, replicas);
        var stages = RolloutStage.Of(rollout, replicas);
        var isWatched = !rollout.IsFirst && rollout.Policy.MonitorSeconds > 0;
        var sizes = stages.Select((stage, i) =>
            (Stage: stage, Batches: stage.KeepOld ? 1 : Divide(stage.Until - (i == 0 ? 0 : Math.Min(stage.Until, stages[i - 1].Until)), batch))).ToList();
        var total = Math.Max(1, sizes.Sum(size => size.Batches + (size.Stage.Holds ? 1 : 0)) + (isWatched ? 1 : 0));
        var before = sizes.Take(Math.Min(rollout.Stage, stages.Count - 1)).Sum(size => size.Batches + 1);
        var stage = stages[Math.Min(rollout.Stage, stages.Count - 1)];
        var from = rollout.Stage == 0 || stages.Count == 1 ? 0 : stages[Math.Min(rollout.Stage, stages.Count - 1) - 1].Until;
        var step = rollout.State switch
        {
            RolloutState.Completed or RolloutState.Monitoring => total,
            RolloutState.AwaitingPromotion => before + Divide(stage.KeepOld ? 1 : stage.Until - from, stage.KeepOld ? 1 : batch) + 1,
            _ => before + (stage.KeepOld ? 1 : Math.Max(0, counts.Done - from) / batch + 1),
        };
        return new RolloutOutlook(Math.Clamp(step, 1, total), total, NextOf(rollout, counts, stage, batch), BlockerOf(rollout, counts, stage, message));
    }

    private static string? NextOf(RolloutView rollout, RolloutCounts counts, RolloutStage stage, int batch) => rollout.State switch
    {
        RolloutState.Planned or RolloutState.Progressing when counts.Converged => "the watch over all tasks",
        RolloutState.Planned or RolloutState.Progressing when stage.KeepOld => $"{Tasks(stage.Until - counts.Done)} of the canary",
        RolloutState.Planned or RolloutState.Progressing => $"{Tasks(Math.Min(batch, Math.Max(0, Math.Min(stage.Until, counts.Replicas) - counts.Done)))} of the new revision",
        RolloutState.AwaitingPromotion => "a promotion: orch rollout promote",
        RolloutState.Paused => "orch rollout resume, or abort",
        RolloutState.Monitoring => "the end of the watch",
        RolloutState.RollingBack => "the stable revision",
        RolloutState.Failed or RolloutState.Aborted => "orch rollout retry, or orch service rollback",
        _ => null,
    };

    private static string? BlockerOf(RolloutView rollout, RolloutCounts counts, RolloutStage stage, string? message) => rollout.State switch
    {
        RolloutState.Planned or RolloutState.Progressing when counts.WaitsForOthers => "the services that it depends on have not got so far",
        RolloutState.Planned or RolloutState.Progressing when counts.Reason is not null => counts.Reason,
        RolloutState.Planned or RolloutState.Progressing when counts.New > counts.Done => $"{Tasks(counts.New - counts.Done)} not ready for long enough yet",
        RolloutState.AwaitingPromotion => $"{counts.Done} of {counts.Replicas} are new and ready; a person decides",
        RolloutState.Monitoring => "the new tasks are watched",
        RolloutState.Paused or RolloutState.Failed or RolloutState.Aborted or RolloutState.RollingBack => message,
        _ => null,
    };

    private static string Tasks(int count) => count == 1 ? "1 task" : $"{Math.Max(0, count)} tasks";

    private static int Divide(int count, int by) => (Math.Max(0, count) + by - 1) / by;
}
