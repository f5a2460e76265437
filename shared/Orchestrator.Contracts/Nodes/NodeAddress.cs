namespace Orchestrator.Contracts;

/// <summary>A node in the cluster's network.</summary>
public sealed record NodeAddress
{
    public required string NodeId { get; init; }
    public required string Name { get; init; }

    /// <summary>Where the other nodes reach it.</summary>
    public required string Address { get; init; }

    /// <summary>The addresses of its containers: <c>10.128.1.0/24</c>.</summary>
    public required string Subnet { get; init; }

    /// <summary>Of WireGuard; null: it does not encrypt. Nodes that do and nodes that do not never reach each other.</summary>
    public string? PublicKey { get; init; }
}
