namespace Orchestrator.State;

/// <param name="Score">0–100.</param>
public sealed record ScoredPart(string Name, double Score, double Weight);
