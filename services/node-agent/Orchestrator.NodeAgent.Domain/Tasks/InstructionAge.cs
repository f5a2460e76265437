namespace Orchestrator.NodeAgent.Domain.Tasks;

public enum InstructionAge
{
    /// <summary>Older than what is known: dropped.</summary>
    Stale,

    /// <summary>Known already: the sender has missed the acknowledgement.</summary>
    Repeated,
    Newer,
}
