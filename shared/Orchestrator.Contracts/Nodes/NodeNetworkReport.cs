namespace Orchestrator.Contracts;

/// <summary>Whether a node can be part of the cluster's network.</summary>
public sealed record NodeNetworkReport
{
    /// <summary>What it lacks, each with the cure; none: it can.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Ranges that the machine reaches by other devices than the cluster's: <c>10.0.0.0/8 dev eth1</c>.</summary>
    public IReadOnlyList<string> Routes { get; init; } = [];

    /// <summary>Of WireGuard, by which others encrypt what they send it; null: it does not encrypt.</summary>
    public string? PublicKey { get; init; }
}
