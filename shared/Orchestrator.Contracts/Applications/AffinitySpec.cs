namespace Orchestrator.Contracts;

/// <summary>Draws tasks to nodes for which a constraint holds, or away from them.</summary>
public sealed record AffinitySpec
{
    /// <summary>As in <see cref="PlacementSpec.Constraints"/>.</summary>
    public string Constraint { get; init; } = "";

    /// <summary>−100…100, not 0.</summary>
    public int Weight { get; init; }
}
