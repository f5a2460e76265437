using System.Globalization;
using System.Text;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>What <c>wg syncconf</c> is told. Peers that do not stand there are removed, sessions with the others go on.</summary>
public static class WireGuardText
{
    /// <param name="privateKey">This node's.</param>
    /// <param name="port">UDP, the same on all nodes.</param>
    /// <param name="peers">The other nodes that encrypt, each with its public key.</param>
    public static string Of(string privateKey, int port, IEnumerable<NodeAddress> peers)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"[Interface]\nPrivateKey = {privateKey}\nListenPort = {port}\n");
        foreach (var peer in peers.Where(peer => peer.PublicKey is not null).OrderBy(peer => peer.NodeId, StringComparer.Ordinal))
        {
            // Only packets of its own subnet are taken from a node, and no others are sent to it.
            text.Append(CultureInfo.InvariantCulture, $"\n[Peer]\nPublicKey = {peer.PublicKey}\nAllowedIPs = {peer.Subnet}\nEndpoint = {peer.Address}:{port}\n");
        }

        return text.ToString();
    }
}
