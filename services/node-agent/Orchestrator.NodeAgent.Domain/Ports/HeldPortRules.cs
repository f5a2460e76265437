using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Ports;

/// <summary>Which of the ports that other programs have the cluster is told of.</summary>
public static class HeldPortRules
{
    public const int Most = 200;

    /// <summary>How long a port that any client may get for a moment must be held: each look at who has it, and each telling, costs.</summary>
    public static readonly TimeSpan PassingFor = TimeSpan.FromMinutes(1);

    /// <param name="port">A port that somebody listens on.</param>
    /// <param name="since">From when on that was seen.</param>
    /// <param name="passing">The ports that the machine gives to clients.</param>
    /// <param name="now">The time.</param>
    public static bool Counts(int port, DateTimeOffset since, (int First, int Last) passing, DateTimeOffset now) =>
        port < passing.First || port > passing.Last || now - since >= PassingFor;

    public static IReadOnlyList<HeldPort> Told(IEnumerable<HeldPort> held) =>
    [
        .. held.OrderBy(port => port.Port).ThenBy(port => port.Protocol).ThenBy(port => port.Address, StringComparer.Ordinal)
            .DistinctBy(port => (port.Port, port.Protocol, port.Address))
            .Take(Most),
    ];
}
