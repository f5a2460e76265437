namespace Orchestrator.State;

/// <summary>A node's part in the cluster's network.</summary>
public sealed record NodeNetworkDocument
{
    /// <summary>The addresses of its containers: <c>10.128.1.0/24</c>; null: it has none yet, or <see cref="Problems"/> say why.</summary>
    public string? Subnet { get; init; }

    /// <summary>Of WireGuard; null: the node does not encrypt.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Why it is not part of it, each with the cure.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
