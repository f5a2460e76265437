namespace Orchestrator.Contracts;

/// <summary>A task that a deploy would start.</summary>
public sealed record PlannedTask
{
    public required int Slot { get; init; }
    public required string NodeId { get; init; }

    /// <summary>Its name.</summary>
    public required string Node { get; init; }

    /// <summary>The task it would take the place of.</summary>
    public string? Replaces { get; init; }
}
