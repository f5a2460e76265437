namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>How few tasks of the service the node has: 100, 50, 33, 25…</summary>
public static class SpreadScore
{
    public static double Of(int tasksOfService) => 100.0 / (1 + tasksOfService);
}
