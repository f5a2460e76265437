namespace Orchestrator.Contracts;

/// <summary>How many posts of one application are taken: so many in each second.</summary>
public readonly record struct PostBudget(TimeSpan SecondBegan, int Taken)
{
    public const int PerSecond = 10;

    /// <returns>What is left of it; null when there is nothing left.</returns>
    public PostBudget? Take(TimeSpan now) =>
        now - SecondBegan >= TimeSpan.FromSeconds(1) ? new PostBudget(now, 1)
        : Taken < PerSecond ? this with { Taken = Taken + 1 }
        : null;
}
