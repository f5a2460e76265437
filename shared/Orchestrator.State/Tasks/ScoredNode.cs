namespace Orchestrator.State;

/// <summary>How good a node was.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Score">0–100.</param>
public sealed record ScoredNode(string NodeId, string Node, double Score, IReadOnlyList<ScoredPart> Parts);
