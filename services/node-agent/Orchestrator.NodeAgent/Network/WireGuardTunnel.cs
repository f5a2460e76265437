using System.Globalization;
using System.Text;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Network;

/// <summary>WireGuard, by the kernel where it has it, else by the program <c>wireguard-go</c>. Each node's subnet is what may come from it and go to it.</summary>
internal sealed class WireGuardTunnel(NetworkNames names, int port, WireGuardKey key) : ITunnel
{
    private const string Program = "wireguard-go";

    // Around a packet of IPv4: IPv4, UDP and WireGuard's own.
    public int Overhead => 60;

    public bool Reaches(NodeAddress peer) => peer.PublicKey is not null;

    public async Task EnsureAsync(NodeAddress own, int mtu, CancellationToken cancellation)
    {
        var link = await Devices.OfAsync(names.Tunnel, cancellation);
        if (link is { } other && Devices.KindOf(other) is not ("wireguard" or "tun"))
        {
            await Tool.RunAsync("ip", ["link", "del", names.Tunnel], null, cancellation);
            link = null;
        }

        if (link is null && await AddAsync(names.Tunnel, cancellation) is { } refusal)
        {
            throw new NetworkException(refusal);
        }

        await Tool.RunAsync("ip", ["link", "set", names.Tunnel, "mtu", mtu.ToString(CultureInfo.InvariantCulture)], null, cancellation);
    }

    public async Task<string> FollowAsync(IReadOnlyList<NodeAddress> peers, IReadOnlyList<string> stale, CancellationToken cancellation)
    {
        // The private key is told by a pipe: whoever lists processes sees their arguments.
        await Tool.RunAsync("wg", ["syncconf", names.Tunnel, "/dev/stdin"], WireGuardText.Of(await key.PrivateAsync(cancellation), port, peers), cancellation);
        var links = new StringBuilder();
        foreach (var peer in peers)
        {
            links.Append(CultureInfo.InvariantCulture, $"route replace {peer.Subnet} dev {names.Tunnel}\n");
        }

        foreach (var subnet in stale)
        {
            links.Append(CultureInfo.InvariantCulture, $"route del {subnet} dev {names.Tunnel}\n");
        }

        return links.ToString();
    }

    /// <returns>What the machine lacks for it, each with the cure.</returns>
    public static async Task<IReadOnlyList<string>> MissingAsync(string? stateFolder, CancellationToken cancellation)
    {
        var missing = new List<string>();
        if (!Tool.IsThere("wg"))
        {
            missing.Add("wg is not installed; install the package wireguard-tools");
        }

        if (stateFolder is null)
        {
            missing.Add("the node has no place for its private key; set NodeAgent__StateFolder");
        }

        const string Probe = "orch-probe1";
        if (await AddAsync(Probe, cancellation) is { } refusal)
        {
            missing.Add(refusal);
        }
        else
        {
            await Tool.TryAsync("ip", ["link", "del", Probe], null, cancellation);
        }

        return missing;
    }

    /// <returns>Null: the device is there.</returns>
    private static async Task<string?> AddAsync(string device, CancellationToken cancellation)
    {
        var (made, _, reason) = await Tool.TryAsync("ip", ["link", "add", device, "type", "wireguard"], null, cancellation);
        if (made == 0 || reason.Contains("File exists", StringComparison.Ordinal))
        {
            return null;
        }

        var kernel = $"the kernel makes no WireGuard device ({reason.Trim().ReplaceLineEndings(" ")})";
        if (!Tool.IsThere(Program))
        {
            return $"{kernel}; load the module wireguard, or install the package {Program}, a program that does the same more slowly";
        }

        if (!File.Exists("/dev/net/tun"))
        {
            return $"{kernel}, and {Program} needs /dev/net/tun; load the module tun";
        }

        var (code, output, error) = await Tool.TryAsync(Program, [device], null, cancellation);
        return code == 0 ? null : $"{kernel}, and {Program} does not start: {(error + output).Trim().ReplaceLineEndings(" ")}";
    }
}
