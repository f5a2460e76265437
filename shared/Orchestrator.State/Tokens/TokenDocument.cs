namespace Orchestrator.State;

/// <summary>A bearer token, known by its hash only.</summary>
public sealed record TokenDocument
{
    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
