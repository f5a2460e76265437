using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>How good a node was.</summary>
/// <param name="Score">0–100: the parts by their weights.</param>
public sealed record NodeScore(string NodeId, string Node, double Score, IReadOnlyList<ScorePart> Parts);
