namespace Orchestrator.Contracts;

/// <summary>An agent, all the time: I live. Not persistent, worthless after 3 s.</summary>
[MessageName("orchestrator.reports.node-heartbeat")]
public sealed record NodeHeartbeat
{
    public required string NodeId { get; init; }
    public required long AgentEpoch { get; init; }
    public required long Seq { get; init; }

    /// <summary>When to expect the next.</summary>
    public required double IntervalSeconds { get; init; }

    /// <summary>In every 20th.</summary>
    public NodeUsage? Usage { get; init; }

    /// <summary>In every 20th: what applications last posted as their load, by task.</summary>
    public IReadOnlyDictionary<string, double>? Loads { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
