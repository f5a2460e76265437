using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>What heartbeats tell of a node.</summary>
public sealed record NodeLivenessDocument
{
    /// <summary>The node id.</summary>
    public required string Id { get; init; }

    public required NodeLiveness Liveness { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }
    public NodeUsage? Usage { get; init; }
}
