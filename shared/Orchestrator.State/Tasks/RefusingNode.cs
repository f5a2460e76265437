namespace Orchestrator.State;

/// <summary>Why a node took no task.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Reasons">To be read after the name.</param>
public sealed record RefusingNode(string NodeId, string Node, IReadOnlyList<string> Reasons);
