using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>Looks whether this machine can be part of the cluster's network.</summary>
internal static class NetworkProbe
{
    private const int NetAdmin = 12;
    private const int MaxRoutes = 200;
    private static readonly (string Program, string Package)[] Tools = [("ip", "iproute2"), ("bridge", "iproute2"), ("nft", "nftables"), ("conntrack", "conntrack"), ("iptables", "iptables")];

    public static async Task<NodeNetworkReport> LookAsync(NetworkNames names, NodeAgentOptions options, CancellationToken cancellation)
    {
        var missing = Tools.Where(tool => !Tool.IsThere(tool.Program)).Select(tool => $"{tool.Program} is not installed; install the package {tool.Package}").ToList();
        if (!Nftables.IsThere)
        {
            missing.Add("the library libnftables is not installed; install the package nftables, which brings it");
        }

        if (!HasNetAdmin())
        {
            missing.Add("the agent may not program the network; run it as root, or give its container CAP_NET_ADMIN (docker run --cap-add NET_ADMIN) and the host's network");
        }

        if (missing.Count == 0)
        {
            missing.AddRange(await KernelAsync(cancellation));
            missing.AddRange(options.NetworkEncryption == NetworkEncryption.WireGuard ? await WireGuardTunnel.MissingAsync(options.StateFolder, cancellation) : await VxlanTunnel.MissingAsync(cancellation));
        }

        return new NodeNetworkReport { Missing = missing, Routes = missing.Count == 0 ? await RoutesAsync(names, cancellation) : [] };
    }

    /// <summary>Where others reach this machine: the address from which it reaches the broker, or the world.</summary>
    public static string? AddressTowards(string? host)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(host is null or "" ? "192.0.2.1" : host, 9);
            return socket.LocalEndPoint is IPEndPoint { Address: var address } && !IPAddress.IsLoopback(address) ? address.ToString() : host is null ? null : AddressTowards(null);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public static (string Device, int Mtu)? DeviceOf(string address)
    {
        var found = NetworkInterface.GetAllNetworkInterfaces()
            .FirstOrDefault(device => device.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.ToString() == address));
        return found is null ? null : (found.Name, found.GetIPProperties().GetIPv4Properties().Mtu);
    }

    private static bool HasNetAdmin()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith("CapEff:", StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> NetAdmin & 1) == 1;
    }

    private static async Task<IEnumerable<string>> KernelAsync(CancellationToken cancellation)
    {
        var missing = new List<string>();

        // Checked and not applied: what the kernel lacks is refused here, too.
        var (code, _, error) = await Tool.TryAsync(
            "nft",
            ["-c", "-f", "-"],
            "add table ip orch-probe\nadd chain ip orch-probe p { type nat hook prerouting priority -110; }\nadd map ip orch-probe m { type ipv4_addr : verdict; }\nadd rule ip orch-probe p fib daddr type local meta l4proto . th dport vmap { tcp . 1 : accept }\nadd map ip orch-probe t { typeof numgen inc mod 2 : ip daddr; }\nadd rule ip orch-probe p dnat to numgen inc mod 2 map @t\n",
            cancellation);
        if (code != 0)
        {
            missing.Add($"nftables lacks what is needed ({error.Split('\n')[0].Trim()}); load the modules nf_tables, nft_nat, nft_fib_ipv4 and nft_numgen, or take a newer kernel");
        }

        const string Bridged = "/proc/sys/net/bridge/bridge-nf-call-iptables";
        if (!File.Exists(Bridged) || (await File.ReadAllTextAsync(Bridged, cancellation)).Trim() != "1")
        {
            missing.Add("packets between containers of one bridge pass no rules; load the module br_netfilter and set net.bridge.bridge-nf-call-iptables=1");
        }

        return missing;
    }

    /// <summary>Those of the cluster's own devices are left out.</summary>
    private static async Task<IReadOnlyList<string>> RoutesAsync(NetworkNames names, CancellationToken cancellation)
    {
        var routes = JsonDocument.Parse(await Tool.RunAsync("ip", ["-j", "-4", "route", "show"], null, cancellation)).RootElement;
        return
        [
            .. (from route in routes.EnumerateArray()
                let device = route.TryGetProperty("dev", out var dev) ? dev.GetString()! : ""
                let target = route.GetProperty("dst").GetString()!
                where device != names.Bridge && device != names.Tunnel && target != "default"
                select $"{target}{(device.Length > 0 ? " dev " + device : "")}").Take(MaxRoutes),
        ];
    }
}
