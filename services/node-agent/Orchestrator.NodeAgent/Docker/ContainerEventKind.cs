namespace Orchestrator.NodeAgent.Docker;

internal enum ContainerEventKind
{
    Died,
    OutOfMemory,
    Healthy,
    Unhealthy,
}
