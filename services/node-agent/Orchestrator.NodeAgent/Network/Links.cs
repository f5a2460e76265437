using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>The tunnel to the other nodes, with an entry for each and nothing learned. May be repeated at any time.</summary>
internal sealed class Links(NetworkNames names, int port)
{
    // What VXLAN puts around a packet.
    private const int Overhead = 50;

    /// <summary>The largest packet that containers may send.</summary>
    public static int MtuFor(string address) => NetworkProbe.DeviceOf(address) is { Mtu: > 0 and < 65_536 and var mtu } ? mtu - Overhead : 1_500 - Overhead;

    /// <param name="own">This node.</param>
    /// <param name="peers">The others.</param>
    /// <param name="vips">Addresses of services: the machine itself needs a route to them before its rules turn them into a task's.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task ApplyAsync(NodeAddress own, IReadOnlyList<NodeAddress> peers, string vips, CancellationToken cancellation)
    {
        await EnsureTunnelAsync(own, cancellation);
        var routes = await RoutesAsync(cancellation);
        var wanted = peers.ToDictionary(peer => peer.Subnet);
        var links = new StringBuilder();
        var entries = new StringBuilder();
        links.Append(CultureInfo.InvariantCulture, $"route replace {vips} dev {names.Bridge}\n");
        foreach (var (subnet, peer) in wanted)
        {
            var range = Ipv4Range.Parse(subnet)!.Value;
            var (mac, end) = (NetworkNames.MacOf(range.First), range.At(0));
            entries.Append(CultureInfo.InvariantCulture, $"fdb replace {mac} dev {names.Tunnel} dst {peer.Address}\n");
            links.Append(CultureInfo.InvariantCulture, $"neigh replace {end} lladdr {mac} dev {names.Tunnel} nud permanent\nroute replace {subnet} via {end} dev {names.Tunnel} onlink\n");
        }

        foreach (var subnet in routes.Where(subnet => !wanted.ContainsKey(subnet)))
        {
            var range = Ipv4Range.Parse(subnet)!.Value;
            links.Append(CultureInfo.InvariantCulture, $"route del {subnet} dev {names.Tunnel}\nneigh del {range.At(0)} dev {names.Tunnel}\n");
            entries.Append(CultureInfo.InvariantCulture, $"fdb del {NetworkNames.MacOf(range.First)} dev {names.Tunnel}\n");
        }

        await Tool.RunAsync("bridge", ["-force", "-batch", "-"], entries.ToString(), cancellation);
        await Tool.RunAsync("ip", ["-batch", "-"], links.ToString(), cancellation);
    }

    /// <summary>A container that its own service's address leads back to itself gets its packet by the port it came from.</summary>
    public async Task ReflectAsync(CancellationToken cancellation)
    {
        var (code, text, _) = await Tool.TryAsync("ip", ["-j", "link", "show", "master", names.Bridge], null, cancellation);
        if (code == 0 && text.Length > 0)
        {
            var ports = JsonDocument.Parse(text).RootElement.EnumerateArray().Where(link => link.TryGetProperty("ifname", out _)).Select(link => link.GetProperty("ifname").GetString());
            await Tool.TryAsync("bridge", ["-force", "-batch", "-"], string.Concat(ports.Select(port => $"link set dev {port} hairpin on\n")), cancellation);
        }
    }

    public Task RemoveAsync(CancellationToken cancellation) => Tool.TryAsync("ip", ["link", "del", names.Tunnel], null, cancellation);

    private async Task EnsureTunnelAsync(NodeAddress own, CancellationToken cancellation)
    {
        var subnet = Ipv4Range.Parse(own.Subnet)!.Value;
        var mac = NetworkNames.MacOf(subnet.First);
        var (code, text, _) = await Tool.TryAsync("ip", ["-j", "-d", "link", "show", names.Tunnel], null, cancellation);
        if (code == 0 && !IsAsWanted(JsonDocument.Parse(text).RootElement[0], mac, own.Address))
        {
            await Tool.RunAsync("ip", ["link", "del", names.Tunnel], null, cancellation);
            code = 1;
        }

        if (code != 0)
        {
            var device = NetworkProbe.DeviceOf(own.Address) ?? throw new NetworkException($"this machine has no address {own.Address}; set NodeAgent__Address to one that the other nodes reach");
            await Tool.RunAsync(
                "ip",
                ["link", "add", names.Tunnel, "address", mac, "mtu", Text(MtuFor(own.Address)), "type", "vxlan", "id", Text(names.VxlanId), "local", own.Address, "dev", device.Device, "dstport", Text(port), "nolearning"],
                null,
                cancellation);
        }

        await Tool.RunAsync("ip", ["-batch", "-"], $"addr replace {subnet.At(0)}/32 dev {names.Tunnel}\nlink set {names.Tunnel} up\n", cancellation);
    }

    private bool IsAsWanted(JsonElement link, string mac, string address)
    {
        var data = link.GetProperty("linkinfo").GetProperty("info_data");
        return link.GetProperty("address").GetString() == mac && data.GetProperty("id").GetInt32() == names.VxlanId
            && data.GetProperty("local").GetString() == address && data.GetProperty("port").GetInt32() == port;
    }

    private async Task<IReadOnlyList<string>> RoutesAsync(CancellationToken cancellation)
    {
        var routes = JsonDocument.Parse(await Tool.RunAsync("ip", ["-j", "-4", "route", "show", "dev", names.Tunnel], null, cancellation)).RootElement;
        return [.. routes.EnumerateArray().Select(route => route.GetProperty("dst").GetString()!)];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
