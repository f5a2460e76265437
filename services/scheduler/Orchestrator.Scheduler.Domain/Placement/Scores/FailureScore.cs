namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>100 where no task of the service failed lately, 0 where so many did that it looks like the node's fault.</summary>
public static class FailureScore
{
    public const int Many = 5;

    public static double Of(int failures) => 100.0 * Math.Max(0, Many - failures) / Many;
}
