namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>Weighted scores as whole numbers: their sum does not depend on the order, and equal is equal.</summary>
internal static class Points
{
    public const double PerScore = 1e6;

    public static long Of(double score, double weight) => (long)Math.Round(score * weight * PerScore);
}
