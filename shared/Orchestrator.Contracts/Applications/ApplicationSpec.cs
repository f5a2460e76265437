namespace Orchestrator.Contracts;

/// <summary>What an application shall be.</summary>
public sealed record ApplicationSpec
{
    public IReadOnlyList<ServiceSpec> Services { get; init; } = [];
}
