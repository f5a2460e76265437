namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>One score of a node.</summary>
/// <param name="Score">0–100.</param>
public readonly record struct ScorePart(string Name, double Score, double Weight);
