using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>VXLAN with an entry for each node and nothing learned. Packets have checksums of their own: what is around them needs none (RFC 7348).</summary>
internal sealed class VxlanTunnel(NetworkNames names, int port) : ITunnel
{
    public int Overhead => 50;

    public bool Reaches(NodeAddress peer) => peer.PublicKey is null;

    public async Task EnsureAsync(NodeAddress own, int mtu, CancellationToken cancellation)
    {
        var subnet = Ipv4Range.Parse(own.Subnet)!.Value;
        var mac = NetworkNames.MacOf(subnet.First);
        if (await Devices.OfAsync(names.Tunnel, cancellation) is { } link)
        {
            if (IsAsWanted(link, mac, own.Address))
            {
                return;
            }

            await Tool.RunAsync("ip", ["link", "del", names.Tunnel], null, cancellation);
        }

        var device = NetworkProbe.DeviceOf(own.Address) ?? throw new NetworkException($"this machine has no address {own.Address}; set NodeAgent__Address to one that the other nodes reach");
        await Tool.RunAsync(
            "ip",
            ["link", "add", names.Tunnel, "address", mac, "mtu", Text(mtu), "type", "vxlan", "id", Text(names.VxlanId), "local", own.Address, "dev", device.Device, "dstport", Text(port), "nolearning", "noudpcsum"],
            null,
            cancellation);
    }

    public async Task<string> FollowAsync(IReadOnlyList<NodeAddress> peers, IReadOnlyList<string> stale, CancellationToken cancellation)
    {
        var (links, entries) = (new StringBuilder(), new StringBuilder());
        foreach (var peer in peers)
        {
            var range = Ipv4Range.Parse(peer.Subnet)!.Value;
            var (mac, end) = (NetworkNames.MacOf(range.First), range.At(0));
            entries.Append(CultureInfo.InvariantCulture, $"fdb replace {mac} dev {names.Tunnel} dst {peer.Address}\n");
            links.Append(CultureInfo.InvariantCulture, $"neigh replace {end} lladdr {mac} dev {names.Tunnel} nud permanent\nroute replace {peer.Subnet} via {end} dev {names.Tunnel} onlink\n");
        }

        foreach (var subnet in stale)
        {
            var range = Ipv4Range.Parse(subnet)!.Value;
            links.Append(CultureInfo.InvariantCulture, $"route del {subnet} dev {names.Tunnel}\nneigh del {range.At(0)} dev {names.Tunnel}\n");
            entries.Append(CultureInfo.InvariantCulture, $"fdb del {NetworkNames.MacOf(range.First)} dev {names.Tunnel}\n");
        }

        await Tool.RunAsync("bridge", ["-force", "-batch", "-"], entries.ToString(), cancellation);
        return links.ToString();
    }

    /// <returns>What the machine lacks for it, each with the cure.</returns>
    public static async Task<IReadOnlyList<string>> MissingAsync(CancellationToken cancellation)
    {
        const string Probe = "orch-probe0";
        var (made, _, reason) = await Tool.TryAsync("ip", ["link", "add", Probe, "type", "vxlan", "id", "1", "dstport", "65010"], null, cancellation);
        if (made == 0)
        {
            await Tool.TryAsync("ip", ["link", "del", Probe], null, cancellation);
        }

        return made == 0 || reason.Contains("File exists", StringComparison.Ordinal)
            ? []
            : [$"the kernel makes no VXLAN device ({reason.Trim().ReplaceLineEndings(" ")}); load the module vxlan"];
    }

    private bool IsAsWanted(JsonElement link, string mac, string address) =>
        Devices.KindOf(link) == "vxlan" && link.GetProperty("linkinfo").GetProperty("info_data") is var data
        && link.GetProperty("address").GetString() == mac && data.GetProperty("id").GetInt32() == names.VxlanId
        && data.GetProperty("local").GetString() == address && data.GetProperty("port").GetInt32() == port;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
