using System.Globalization;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>The way to the other nodes' containers: a device, and a route for each node. May be repeated at any time.</summary>
internal sealed class Links(NetworkNames names, ITunnel tunnel)
{
    private const int UsualMtu = 1_500;
    private const int LargestMtu = 65_535;

    /// <summary>The largest packet that containers may send.</summary>
    public int MtuFor(string address) => (NetworkProbe.DeviceOf(address) is { Mtu: > 0 and <= LargestMtu and var mtu } ? mtu : UsualMtu) - tunnel.Overhead;

    /// <param name="own">This node.</param>
    /// <param name="peers">The others.</param>
    /// <param name="vips">Addresses of services: the machine itself needs a route to them before its rules turn them into a task's.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task ApplyAsync(NodeAddress own, IReadOnlyList<NodeAddress> peers, string vips, CancellationToken cancellation)
    {
        await tunnel.EnsureAsync(own, MtuFor(own.Address), cancellation);
        await Tool.RunAsync("ip", ["-batch", "-"], $"addr replace {Ipv4Range.Parse(own.Subnet)!.Value.At(0)}/32 dev {names.Tunnel}\nlink set {names.Tunnel} up\n", cancellation);
        var reached = peers.Where(tunnel.Reaches).ToList();
        var wanted = reached.Select(peer => peer.Subnet).ToHashSet();
        var stale = (await RoutesAsync(cancellation)).Where(subnet => !wanted.Contains(subnet)).ToList();
        var links = await tunnel.FollowAsync(reached, stale, cancellation);
        await Tool.RunAsync("ip", ["-batch", "-"], string.Create(CultureInfo.InvariantCulture, $"route replace {vips} dev {names.Bridge}\n{links}"), cancellation);
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

    public static Task RemoveAsync(NetworkNames names, CancellationToken cancellation) => Tool.TryAsync("ip", ["link", "del", names.Tunnel], null, cancellation);

    private async Task<IReadOnlyList<string>> RoutesAsync(CancellationToken cancellation)
    {
        var routes = JsonDocument.Parse(await Tool.RunAsync("ip", ["-j", "-4", "route", "show", "dev", names.Tunnel], null, cancellation)).RootElement;
        return [.. routes.EnumerateArray().Select(route => route.GetProperty("dst").GetString()!)];
    }
}
