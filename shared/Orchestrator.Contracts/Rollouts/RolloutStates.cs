namespace Orchestrator.Contracts;

public static class RolloutStates
{
    /// <summary>Nothing moves it any more but a retry by hand, or tasks of a failed first revision that run after all.</summary>
    public static bool IsEnded(this RolloutState state) =>
        state is RolloutState.Completed or RolloutState.RolledBack or RolloutState.Failed or RolloutState.Superseded or RolloutState.Aborted;
}
