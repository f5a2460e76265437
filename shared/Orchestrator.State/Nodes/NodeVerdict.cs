using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>What the health monitor found, until it is known to be published.</summary>
public sealed record NodeVerdict
{
    /// <summary>The same each time it is published.</summary>
    public required string EventId { get; init; }

    public required NodeLiveness Liveness { get; init; }

    /// <summary>The version of the document that it came with.</summary>
    public required long Version { get; init; }

    public required long Epoch { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Since when it is so: since the last heartbeat, or the first that came again.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>For people: one line.</summary>
    public required string Reason { get; init; }
}
