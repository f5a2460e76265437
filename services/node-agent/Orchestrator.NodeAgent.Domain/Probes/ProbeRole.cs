namespace Orchestrator.NodeAgent.Domain.Probes;

public enum ProbeRole
{
    Startup,
    Readiness,
    Liveness,
}
