using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>How much each score counts; 0: not at all.</summary>
public sealed record ScoreWeights
{
    public static readonly ScoreWeights Mixed = new() { Binpack = 1, Spread = 1 };
    public static readonly ScoreWeights BinpackOnly = new() { Binpack = 1 };
    public static readonly ScoreWeights SpreadOnly = new() { Emptiness = 1, Spread = 10 };
    public static readonly ScoreWeights RandomOnly = new() { Random = 1 };

    public double Binpack { get; init; }

    /// <summary>100 − binpack.</summary>
    public double Emptiness { get; init; }

    public double Spread { get; init; }
    public double Random { get; init; }
    public double Preferences { get; init; } = 5;
    public double Affinity { get; init; } = 2;
    public double ServiceAffinity { get; init; } = 3;
    public double Failures { get; init; } = 3;
    public double Taints { get; init; } = 5;
    public double Image { get; init; } = 0.2;

    public static ScoreWeights Of(PlacementStrategy strategy) => strategy switch
    {
        PlacementStrategy.Binpack => BinpackOnly,
        PlacementStrategy.Spread => SpreadOnly,
        PlacementStrategy.Random => RandomOnly,
        _ => Mixed,
    };
}
