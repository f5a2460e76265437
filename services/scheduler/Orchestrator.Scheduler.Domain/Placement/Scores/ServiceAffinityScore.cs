namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>50 where nothing is there, towards 100 where services are that are wanted near, towards 0 where those are that are not.</summary>
public static class ServiceAffinityScore
{
    public const double Neutral = 50;

    /// <summary>What one soft affinity adds to <see cref="Neutral"/>: half of its part for one task there, two thirds for two…</summary>
    /// <param name="all">The absolute weights of all soft affinities of the group together.</param>
    public static double Of(int weight, int all, int tasksThere) => 50.0 * weight / all * (1 - (1.0 / (1 + tasksThere)));

    public static int AllWeights(TaskGroup group)
    {
        var all = 0;
        foreach (var affinity in group.ServiceAffinities)
        {
            all += affinity.Hard ? 0 : Math.Abs(affinity.Weight);
        }

        return all;
    }
}
