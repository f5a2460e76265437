using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Gives addresses of a subnet in turn: one that came free comes again when all others had theirs, so that nobody who still has it in mind meets another.</summary>
public static class AddressTurn
{
    // The tunnel's end and the bridge's come first, the broadcast address last.
    private const int FirstOfContainers = 2;

    /// <param name="subnet">Of the node.</param>
    /// <param name="last">Given last; null: none yet.</param>
    /// <param name="taken">In use.</param>
    /// <returns>Null when all are taken.</returns>
    public static string? Next(Ipv4Range subnet, string? last, IReadOnlySet<string> taken)
    {
        var usable = subnet.Size - FirstOfContainers - 1;
        var from = last is not null && subnet.Contains(last) ? Ipv4Range.Number(IPAddress.Parse(last)) - subnet.First - FirstOfContainers + 1 : 0;
        for (var i = 0L; i < usable; i++)
        {
            var address = subnet.At(FirstOfContainers + ((from + i) % usable));
            if (!taken.Contains(address))
            {
                return address;
            }
        }

        return null;
    }
}
