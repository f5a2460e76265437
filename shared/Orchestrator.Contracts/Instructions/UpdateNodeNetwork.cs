namespace Orchestrator.Contracts;

/// <summary>The scheduler to one node's own queue: the cluster's network as it is then. The node drops one that is older than it has.</summary>
[MessageName("orchestrator.instructions.update-node-network")]
public sealed record UpdateNodeNetwork
{
    public required string NodeId { get; init; }
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>All addresses of the cluster: <c>10.128.0.0/12</c>.</summary>
    public required string Range { get; init; }

    /// <summary>The part of them that services have.</summary>
    public required string Vips { get; init; }

    /// <summary>All nodes that are in it, this one too.</summary>
    public required IReadOnlyList<NodeAddress> Nodes { get; init; }
}
