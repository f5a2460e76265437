namespace Orchestrator.NodeAgent.Docker;

/// <summary>The engine, or what a task asks of it, does not let the task run. The message is for people: what is wrong and what to do.</summary>
internal sealed class RefusedException(bool rejected, string message) : Exception(message)
{
    /// <summary>The node cannot run it at all; else this attempt failed.</summary>
    public bool Rejected { get; } = rejected;
}
