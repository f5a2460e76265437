namespace Orchestrator.Contracts;

/// <summary>An agent: connections go by these now.</summary>
[MessageName("orchestrator.reports.endpoints-applied")]
public sealed record EndpointsApplied
{
    public required string NodeId { get; init; }

    /// <summary>By service id, the version applied.</summary>
    public required IReadOnlyDictionary<string, long> Services { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
}
