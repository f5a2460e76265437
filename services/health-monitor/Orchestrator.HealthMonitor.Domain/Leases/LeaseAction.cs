namespace Orchestrator.HealthMonitor.Domain.Leases;

public enum LeaseAction
{
    /// <summary>Another instance has it.</summary>
    Wait,

    /// <summary>It is ours: keep it.</summary>
    Renew,

    /// <summary>Take it, with the next epoch.</summary>
    Take,
}
