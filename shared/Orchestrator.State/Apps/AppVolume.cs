namespace Orchestrator.State;

/// <summary>Where a volume of an application is.</summary>
public sealed record AppVolume
{
    public required string NodeId { get; init; }

    /// <summary>A task that has it has run there. Before that it is a claim, which is void when no task follows.</summary>
    public bool HasData { get; init; }

    public required DateTimeOffset Since { get; init; }
}
