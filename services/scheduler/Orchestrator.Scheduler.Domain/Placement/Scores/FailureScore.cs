namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>100 where no task of the service failed lately; one failure counts little, the second so much that another node is preferred.</summary>
public static class FailureScore
{
    private const double AfterOne = 80;
    private const double AfterTwo = 20;
    private const int Many = 5;

    public static double Of(int failures) => failures switch
    {
        <= 0 => 100,
        1 => AfterOne,
        _ => AfterTwo * Math.Max(0, Many - failures) / (Many - 2),
    };
}
