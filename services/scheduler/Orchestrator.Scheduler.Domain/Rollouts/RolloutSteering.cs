using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>What a person may do to a rollout in which state.</summary>
public static class RolloutSteering
{
    /// <returns>Why not, and what to do instead; null: it may be done.</returns>
    public static string? Refusal(RolloutState state, RolloutAction action) => action switch
    {
        RolloutAction.Pause => state is RolloutState.Planned or RolloutState.Progressing or RolloutState.AwaitingPromotion or RolloutState.Monitoring
            ? null
            : $"it is {state}; only a rollout that is under way can be paused",
        RolloutAction.Resume => state is RolloutState.Paused
            ? null
            : $"it is {state}, not Paused{(state is RolloutState.Failed or RolloutState.Aborted ? "; use retry" : state is RolloutState.AwaitingPromotion ? "; use promote" : "")}",
        RolloutAction.Promote => state is RolloutState.AwaitingPromotion
            ? null
            : $"it is {state}: no canary or step of it waits for a promotion; see orch rollout inspect",
        RolloutAction.Abort => state.IsEnded() || state is RolloutState.RollingBack
            ? $"it is {state}; only a rollout that is under way can be aborted; to go back use orch service rollback"
            : null,
        _ => state is RolloutState.Failed or RolloutState.Aborted or RolloutState.Paused
            ? null
            : $"it is {state}; only one that is Failed, Aborted or Paused can be tried again",
    };
}
