namespace Orchestrator.Contracts;

/// <summary>What an application says of one of its tasks.</summary>
public sealed record TaskPost
{
    public required string TaskId { get; init; }

    /// <summary>Where it stands among the posts of its task; null: as it comes.</summary>
    public long? Order { get; init; }

    public required HealthPost Health { get; init; }
}
