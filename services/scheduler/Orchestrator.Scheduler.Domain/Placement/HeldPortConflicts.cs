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
    private static bool Meet(string? wanted, string? held) => PublishedAddress.Meet(string.IsNullOrEmpty(wanted) ? "0.0.0.0" : wanted, held);
}
