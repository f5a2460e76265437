using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class WireGuardTextTests
{
    [Fact]
    public void EachNode_MaySendAndGetWhatIsOfItsSubnet_AndNodesWithoutAKey_Nothing() => Assert.Equal(
        """
        [Interface]
        PrivateKey = own
        ListenPort = 8472

        [Peer]
        PublicKey = key2
        AllowedIPs = 10.128.2.0/24
        Endpoint = 10.0.0.2:8472

        [Peer]
        PublicKey = key3
        AllowedIPs = 10.128.3.0/24
        Endpoint = 10.0.0.3:8472

        """,
        WireGuardText.Of("own", 8472, [Node(3, "key3"), Node(2, "key2"), Node(4, null)]));

    private static NodeAddress Node(int i, string? key) => new() { NodeId = $"n{i}", Name = $"n{i}", Address = $"10.0.0.{i}", Subnet = $"10.128.{i}.0/24", PublicKey = key };
}
