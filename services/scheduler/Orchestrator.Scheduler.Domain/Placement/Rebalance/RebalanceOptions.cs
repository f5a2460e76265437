namespace Orchestrator.Scheduler.Domain.Placement.Rebalance;

/// <summary>When running tasks are moved to level the nodes.</summary>
public sealed record RebalanceOptions
{
    public const double DefaultThreshold = 0.4;
    public const int DefaultMovesPerHour = 10;

    public bool Enabled { get; init; }

    /// <summary>How much more of the fullest node may be reserved than of the emptiest, 0…1.</summary>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>A node with no task gets some, whatever the threshold.</summary>
    public bool FillEmptyNodes { get; init; } = true;

    public int MovesPerHour { get; init; } = DefaultMovesPerHour;
}
