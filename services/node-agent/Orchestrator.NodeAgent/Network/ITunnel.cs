using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Network;

/// <summary>The device that leads to the other nodes. All may be repeated at any time.</summary>
internal interface ITunnel
{
    /// <summary>What it puts around a packet.</summary>
    int Overhead { get; }

    /// <summary>The other node speaks the same.</summary>
    bool Reaches(NodeAddress peer);

    /// <summary>The device is there, with this node's end of it.</summary>
    Task EnsureAsync(NodeAddress own, int mtu, CancellationToken cancellation);

    /// <summary>It leads to these nodes.</summary>
    /// <param name="peers">All that are reached.</param>
    /// <param name="stale">Subnets that it leads to and that no peer has.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What <c>ip -batch</c> is to be told.</returns>
    Task<string> FollowAsync(IReadOnlyList<NodeAddress> peers, IReadOnlyList<string> stale, CancellationToken cancellation);
}
