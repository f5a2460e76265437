using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Whether a port that a program of a node has stands in the way of one that is to be published.</summary>
public static class HeldPortConflicts
{
    /// <returns>The first that does; null: none.</returns>
    public static HeldPort? Of(HostPort wanted, IReadOnlyList<HeldPort> held)
    {
        for (var i = 0; i < held.Count; i++)
        {
            if (held[i].Port == wanted.Port && held[i].Protocol == wanted.Protocol && Meet(wanted.HostIp, held[i].Address))
            {
                return held[i];
            }
        }

        return null;
    }

    /// <summary>What is published on all addresses needs all of IPv4: what somebody has of IPv6 alone leaves that free.</summary>
    private static bool Meet(string? wanted, string? held)
    {
        if (held is null)
        {
            return true;
        }

        var (ours, theirs) = (wanted is null or "" ? IPAddress.Any : IPAddress.TryParse(wanted, out var parsed) ? parsed : null, IPAddress.TryParse(held, out var other) ? other : null);
        return ours is not null && theirs is not null && ours.AddressFamily == theirs.AddressFamily && (IsAny(ours) || IsAny(theirs) || ours.Equals(theirs));
    }

    private static bool IsAny(IPAddress address) =>
        address.Equals(address.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any);
}
