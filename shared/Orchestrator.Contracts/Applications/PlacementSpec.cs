namespace Orchestrator.Contracts;

/// <summary>On which nodes tasks may run.</summary>
public sealed record PlacementSpec
{
    public IReadOnlyList<string> Constraints { get; init; } = [];

    /// <summary>Node labels to spread over, most important first.</summary>
    public IReadOnlyList<string> SpreadPreferences { get; init; } = [];

    public int? MaxReplicasPerNode { get; init; }
}
