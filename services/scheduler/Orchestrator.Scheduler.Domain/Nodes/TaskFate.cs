namespace Orchestrator.Scheduler.Domain.Nodes;

/// <summary>What a node's liveness means for a task on it.</summary>
public enum TaskFate
{
    /// <summary>Nothing.</summary>
    Stays,

    /// <summary>Its node is lost, and its service waits before it is replaced: it serves nobody meanwhile.</summary>
    IsAwaited,

    /// <summary>It counts no more, and its slot is filled elsewhere. It may run on: what is set aside for it stays.</summary>
    IsLost,

    /// <summary>Its node answers again: it is asked how the task is.</summary>
    IsAsked,

    /// <summary>It will not return.</summary>
    IsGivenUp,
}
