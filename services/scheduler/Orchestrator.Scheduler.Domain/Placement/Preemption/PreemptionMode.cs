namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>What a task that finds no room may do to others.</summary>
public enum PreemptionMode
{
    Off,

    /// <summary>Have tasks of lower priority stopped.</summary>
    Lower,
}
