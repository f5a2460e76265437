namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>How far a task's container is, as the engine says.</summary>
public enum ContainerPhase
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>Made, never started.</summary>
    Created,
    Running,

    /// <summary>It has ended, with an exit code.</summary>
    Ended,
}
