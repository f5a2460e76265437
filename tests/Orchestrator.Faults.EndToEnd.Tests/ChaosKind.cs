namespace Orchestrator.Faults.EndToEnd.Tests;

internal enum ChaosKind
{
    KillContainer,
    KillAgent,
    FreezeAgent,
    KillScheduler,
    FreezeScheduler,
    KillApi,
    KillHealthMonitor,
    CutDatabase,
    KillBroker,
    DoubleSignals,

    /// <summary>What agents report, and what they are told, comes late.</summary>
    DelayAgents,

    /// <summary>What agents have reported comes again, twice, in another order.</summary>
    RepeatReports,
}
