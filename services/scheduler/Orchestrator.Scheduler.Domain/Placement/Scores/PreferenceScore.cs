namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>How far one value of a spread preference is ahead of the one with the fewest tasks.</summary>
public static class PreferenceScore
{
    /// <param name="count">Tasks of the service at this value.</param>
    /// <param name="fewest">Tasks at the value that has the fewest, of those that can take one.</param>
    /// <param name="maxSkew">The lead that costs nothing.</param>
    public static double Of(int count, int fewest, int maxSkew) => 100.0 / (1 + Math.Max(0, count + 1 - fewest - maxSkew));

    /// <summary>The first of several preferences weighs twice the second, and so on; together 1.</summary>
    public static double LevelWeight(int level, int levels) => Math.Pow(2, levels - 1 - level) / (Math.Pow(2, levels) - 1);
}
