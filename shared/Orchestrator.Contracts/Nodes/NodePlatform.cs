namespace Orchestrator.Contracts;

/// <summary>In Docker's words: <c>linux</c>, <c>x86_64</c>.</summary>
public sealed record NodePlatform
{
    public required string Os { get; init; }
    public required string Architecture { get; init; }
}
