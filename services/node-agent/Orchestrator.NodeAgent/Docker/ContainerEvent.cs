namespace Orchestrator.NodeAgent.Docker;

/// <summary>Something happened to a container of ours.</summary>
internal sealed record ContainerEvent(string TaskId, string ContainerId, ContainerEventKind Kind, DateTimeOffset At, int ExitCode = 0);
