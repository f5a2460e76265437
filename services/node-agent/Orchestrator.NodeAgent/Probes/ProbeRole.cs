namespace Orchestrator.NodeAgent.Probes;

internal enum ProbeRole
{
    Startup,
    Readiness,
    Liveness,
}
