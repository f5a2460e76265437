using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>All that decides what a node lets through, and where to.</summary>
public sealed record NodeNetwork
{
    public required string NodeId { get; init; }

    /// <summary>The device that joins the node's containers.</summary>
    public required string Bridge { get; init; }

    /// <summary>The device that leads to the other nodes.</summary>
    public required string Tunnel { get; init; }

    /// <summary>Where the other nodes send what their tunnels carry.</summary>
    public required string Address { get; init; }

    /// <summary>Of UDP, on all nodes.</summary>
    public required int TunnelPort { get; init; }

    /// <summary>All addresses of the cluster.</summary>
    public required Ipv4Range Range { get; init; }

    /// <summary>The part of them that services have.</summary>
    public required Ipv4Range Vips { get; init; }

    /// <summary>The part of them that is this node's.</summary>
    public required Ipv4Range Subnet { get; init; }

    public IReadOnlyList<Ipv4Range> PeerSubnets { get; init; } = [];
    public IReadOnlyList<LocalContainer> Containers { get; init; } = [];

    /// <summary>Tasks of this node that take nothing any more, whatever the cluster has told.</summary>
    public IReadOnlySet<string> Left { get; init; } = new HashSet<string>();

    /// <summary>Nodes that do not answer this one.</summary>
    public IReadOnlySet<string> Silent { get; init; } = new HashSet<string>();

    public IReadOnlyList<ServiceEndpoints> Services { get; init; } = [];
}
