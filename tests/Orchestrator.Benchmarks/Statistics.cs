namespace Orchestrator.Benchmarks;

internal static class Statistics
{
    /// <summary>The smallest value that so many are at or below, to one place.</summary>
    public static double Percentile(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Count) - 1)], 1);
    }

    public static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
