using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>What is ours on the machine. A device's name has at most 15 characters, and several clusters may share a machine.</summary>
public sealed class NetworkNames(string clusterId, string nodeId)
{
    private readonly string _id = Hash($"{clusterId} {nodeId}");

    public string Table => "orch-" + _id;

    public string Bridge => "orchb-" + _id;

    public string Tunnel => "orchv-" + _id;

    /// <summary>The number of the cluster's network on the wire; the same on all its nodes.</summary>
    public int VxlanId => (Convert.ToInt32(Hash(clusterId)[..6], 16) & 0xfffffe) | 1;

    /// <summary>The tunnel's end of a node, by its subnet: others need not be told.</summary>
    public static string MacOf(uint subnet) => $"02:6f:{subnet >> 24:x2}:{(subnet >> 16) & 255:x2}:{(subnet >> 8) & 255:x2}:{subnet & 255:x2}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}
