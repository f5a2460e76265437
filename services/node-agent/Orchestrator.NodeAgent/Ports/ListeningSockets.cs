using System.Globalization;
using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>The sockets of this machine (of the agent's network namespace) that wait for clients, as the kernel tells them.</summary>
internal static class ListeningSockets
{
    // Where in a line of /proc/net/tcp these stand.
    private const int LocalAddress = 1;
    private const int State = 3;
    private const int Inode = 9;
    private const string Listening = "0A";

    // Of UDP: bound, and to no peer.
    private const string Unconnected = "07";

    public static IReadOnlyList<ListeningSocket> Read() =>
        [.. Read("tcp", PortProtocol.Tcp), .. Read("tcp6", PortProtocol.Tcp), .. Read("udp", PortProtocol.Udp), .. Read("udp6", PortProtocol.Udp)];

    /// <summary>Clients that ask over UDP have a port of these for a moment; so have programs that take any free one.</summary>
    public static (int First, int Last) PassingPorts()
    {
        try
        {
            var words = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return (int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return (32_768, 60_999);
        }
    }

    private static List<ListeningSocket> Read(string table, PortProtocol protocol)
    {
        var found = new List<ListeningSocket>();
        try
        {
            foreach (var line in File.ReadLines($"/proc/net/{table}").Skip(1))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words[State] != (protocol == PortProtocol.Tcp ? Listening : Unconnected))
                {
                    if (protocol == PortProtocol.Tcp)
                    {
                        // The kernel tells those that listen first; the connections of a busy machine are many.
                        break;
                    }

                    continue;
                }

                var colon = words[LocalAddress].LastIndexOf(':');
                found.Add(new ListeningSocket(AddressOf(words[LocalAddress][..colon]), int.Parse(words[LocalAddress][(colon + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture), protocol, words[Inode]));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No such table (no IPv6): nothing listens there.
        }

        return found;
    }

    /// <summary>Written by the kernel as numbers of 32 bits in the machine's own order.</summary>
    private static IPAddress AddressOf(string hex)
    {
        var address = new IPAddress([.. hex.Chunk(8).SelectMany(word => BitConverter.GetBytes(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))]);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
