namespace Orchestrator.Simulator;

/// <summary>How a simulated node deals with what it is told to run.</summary>
public sealed record NodeConduct
{
    /// <summary>It starts and stops all at once and nothing fails.</summary>
    public static readonly NodeConduct Perfect = new();

    /// <summary>How long a start takes, given dice; null: no time.</summary>
    public Func<Random, TimeSpan>? StartTime { get; init; }

    /// <summary>How long a stop takes, given dice; null: no time.</summary>
    public Func<Random, TimeSpan>? StopTime { get; init; }

    /// <summary>Of all starts, 0 to 1: so many end as failed.</summary>
    public double FailingStarts { get; init; }

    /// <summary>Half of all starts take up to the median; the larger the spread, the longer the slowest.</summary>
    /// <param name="median">Half of all are sooner.</param>
    /// <param name="spread">Of the logarithm.</param>
    public static Func<Random, TimeSpan> LogNormal(TimeSpan median, double spread) => dice =>
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());
        return median * Math.Exp(spread * normal);
    };
}
