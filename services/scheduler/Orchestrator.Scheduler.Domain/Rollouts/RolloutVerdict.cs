namespace Orchestrator.Scheduler.Domain.Rollouts;

/// <summary>Where a rollout goes from what was seen.</summary>
public enum RolloutVerdict
{
    /// <summary>Nothing was asked.</summary>
    Stay,

    /// <summary>On, with what is left to replace.</summary>
    Progress,

    /// <summary>The stage is done and waits for a promotion.</summary>
    Hold,

    /// <summary>The stage is done and promotes itself.</summary>
    Advance,

    /// <summary>All is replaced and is watched.</summary>
    Monitor,
    Complete,
    Pause,
    RollBack,
    Fail,
}
