namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>A number 0…100 that looks random and is the same each time.</summary>
public static class RandomScore
{
    /// <param name="round">How many tasks of the service the node has: each time it draws again.</param>
    public static double Of(int seed, string nodeId, int round)
    {
        var hash = 14695981039346656037UL ^ (uint)seed;
        foreach (var letter in nodeId)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        hash = (hash ^ (uint)round) * 0x9E3779B97F4A7C15UL;
        hash = (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93UL;
        return (hash >> 40) * 100.0 / (1UL << 24);
    }
}
