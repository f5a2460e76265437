namespace Orchestrator.Contracts;

public static class TaskStates
{
    /// <summary>No container runs any more and none will.</summary>
    public static bool IsFinal(this TaskState state) => state >= TaskState.Completed;
}
