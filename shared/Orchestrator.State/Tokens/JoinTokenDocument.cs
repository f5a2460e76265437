using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>A token with which one machine may join; kept until the broker's user that belongs to it is deleted. Holds no secret.</summary>
public sealed record JoinTokenDocument
{
    public required string Id { get; init; }
    public NodeRole Role { get; init; }
    public string? RequestedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its user goes; brought forward when it is used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The node that joined with it.</summary>
    public string? UsedBy { get; init; }
}
