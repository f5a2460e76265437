namespace Orchestrator.Scheduler.Domain.Nodes;

/// <summary>How often nodes beat: the more there are, the less often, so that all of them together stay under a rate.</summary>
public static class HeartbeatPace
{
    /// <summary>Of all nodes together, where there are more than beat at the fastest pace.</summary>
    public const int MostBeatsPerSecond = 500;

    /// <summary>Up to so many nodes beat at the fastest pace.</summary>
    public const int NodesAtFastest = 500;

    private const double Margin = 0.9;

    /// <summary>Few steps: at each, every node is told.</summary>
    private static readonly double[] Steps = [0.5, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

    public static double Fastest => Steps[0];

    /// <returns>Seconds between two beats.</returns>
    public static double Of(int nodes) => nodes <= NodesAtFastest ? Fastest : Steps.FirstOrDefault(step => nodes / step <= MostBeatsPerSecond, Steps[^1]);

    /// <param name="now">The pace so far.</param>
    /// <param name="nodes">How many there are.</param>
    /// <returns>Slower at once, faster only when there are clearly fewer nodes: a node that comes and goes changes nothing for the others.</returns>
    public static double Next(double now, int nodes) => Of(nodes) is var wanted && wanted > now ? wanted : Math.Min(now, Of((int)Math.Ceiling(nodes / Margin)));
}
