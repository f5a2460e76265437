using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>How the cluster places.</summary>
public sealed record PlacementOptions
{
    public const int DefaultExplainedTasks = 10;
    public const int DefaultNamedRefusals = 20;
    public const int DefaultNamedRefusalsOfWaiting = 100;
    public const int BestScores = 5;

    /// <summary>For services that name none.</summary>
    public PlacementStrategy Strategy { get; init; } = PlacementStrategy.Mixed;

    /// <summary>How many tasks of a group get an explanation of their own.</summary>
    public int ExplainedTasks { get; init; } = DefaultExplainedTasks;

    /// <summary>How many refusing nodes are named where tasks were placed.</summary>
    public int NamedRefusals { get; init; } = DefaultNamedRefusals;

    /// <summary>How many refusing nodes are named where tasks wait.</summary>
    public int NamedRefusalsOfWaiting { get; init; } = DefaultNamedRefusalsOfWaiting;
}
