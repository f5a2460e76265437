namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>Why a node takes no task of the group.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Reasons">To be read after the name.</param>
public sealed record Refusal(string NodeId, string Node, IReadOnlyList<string> Reasons)
{
    public override string ToString() => $"{Node} {string.Join(" and ", Reasons)}";
}
