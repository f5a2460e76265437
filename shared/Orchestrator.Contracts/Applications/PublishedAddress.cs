using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Contracts;

/// <summary>A node's address that a port is published on: none (all of IPv4 and IPv6), <c>0.0.0.0</c> or <c>::</c> (all of one), or one of its own.</summary>
public static class PublishedAddress
{
    public const string AllOfIpv6 = "::";

    /// <returns>The one way to write it; null: it is none. A link's own address means another on each node, and is none.</returns>
    public static string? Canonical(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    /// <summary>Two ports of one number cannot be published on both.</summary>
    public static bool Meet(string? one, string? other)
    {
        if (string.IsNullOrEmpty(one) || string.IsNullOrEmpty(other) || !IPAddress.TryParse(one, out var a) || !IPAddress.TryParse(other, out var b))
        {
            return true;
        }

        return a.AddressFamily == b.AddressFamily && (IsAll(a) || IsAll(b) || a.Equals(b));
    }

    /// <summary>No rule of the kernel leads from there to a container, which has an address of IPv4 alone.</summary>
    public static bool IsIpv6(string? address) => address?.Contains(':', StringComparison.Ordinal) == true;

    /// <returns>As people write it.</returns>
    public static string Text(string? address, int? port) => address switch
    {
        null or "" => $"{port}",
        _ when IsIpv6(address) => $"[{address}]:{port}",
        _ => $"{address}:{port}",
    };

    private static bool IsAll(IPAddress address) => address.Equals(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any);
}
