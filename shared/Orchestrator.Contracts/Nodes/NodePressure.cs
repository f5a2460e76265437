namespace Orchestrator.Contracts;

/// <summary>What a node is short of.</summary>
public sealed record NodePressure
{
    public bool Memory { get; init; }
    public bool Disk { get; init; }

    /// <summary>So short of memory that a task is to leave: the least important one that uses more than is reserved for it.</summary>
    public string? Leaving { get; init; }
}
