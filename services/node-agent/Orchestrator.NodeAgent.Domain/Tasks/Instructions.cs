namespace Orchestrator.NodeAgent.Domain.Tasks;

/// <summary>Instructions come in any order and more than once; their version tells.</summary>
public static class Instructions
{
    /// <param name="known">The version held; null when the task has never been named.</param>
    /// <param name="incoming">The version that came.</param>
    public static InstructionAge AgeOf(long? known, long incoming) =>
        known is null || incoming > known ? InstructionAge.Newer
        : incoming == known ? InstructionAge.Repeated
        : InstructionAge.Stale;
}
