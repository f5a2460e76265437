namespace Orchestrator.Faults.EndToEnd.Tests;

internal enum ChaosKind
{
    KillContainer,
    PauseContainer,

    /// <summary>A power failure.</summary>
    KillMachine,
    PauseMachine,

    /// <summary>Its link is down.</summary>
    CutMachine,
    KillAgent,
    FreezeAgent,
    KillScheduler,
    FreezeScheduler,
    KillApi,
    FreezeApi,
    KillHealthMonitor,
    FreezeHealthMonitor,
    CutDatabase,
    KillBroker,
    FreezeBroker,
    DoubleSignals,

    /// <summary>From the broker, all of them.</summary>
    CutAgents,

    /// <summary>What agents report, and what they are told, comes late.</summary>
    DelayAgents,

    /// <summary>What agents have reported comes again, twice, in another order.</summary>
    RepeatReports,
}
