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
}
