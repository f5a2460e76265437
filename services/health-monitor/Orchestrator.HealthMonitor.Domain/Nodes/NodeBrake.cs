using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>
/// Many nodes that vanish at once are seldom dead at once: more likely something between them and us is. While that lasts none of
/// them is declared lost, so that nothing is moved, for a limited time or until people say that they are gone.
/// </summary>
public static class NodeBrake
{
    private const int Several = 2;
    private const int Part = 3;

    /// <param name="nodes">All nodes.</param>
    /// <param name="window">Nodes lost for longer are no part of this.</param>
    /// <returns>Whether more than a third of those that were there, and at least two, are silent.</returns>
    public static bool IsOn(IEnumerable<NodeFinding> nodes, TimeSpan window)
    {
        var (there, silent) = (0, 0);
        foreach (var node in nodes.Where(node => node.Known < NodeLiveness.Lost || (node.Known == NodeLiveness.Lost && node.KnownFor <= window && !node.Confirmed)))
        {
            there++;
            silent += node.Found > NodeLiveness.Ready && !node.Confirmed ? 1 : 0;
        }

        return silent >= Several && silent * Part > there;
    }

    /// <param name="node">One of those that vanished.</param>
    /// <param name="hold">The longest that one is held.</param>
    /// <returns>How long it is not declared lost from now on; not positive: it is no more, or it would not be lost.</returns>
    public static TimeSpan HeldFor(NodeFinding node, TimeSpan hold) =>
        node is not { Found: NodeLiveness.Lost, Known: < NodeLiveness.Lost, Confirmed: false } ? TimeSpan.Zero
            : node.Known == NodeLiveness.Unreachable ? hold - node.KnownFor
            : hold;

    /// <summary>Others were heard again: one that vanished with them has time to come back, too.</summary>
    /// <param name="node">One that was held.</param>
    /// <param name="hold">As above.</param>
    /// <param name="calmFor">Time since so many were heard again that the brake is off.</param>
    /// <param name="thresholds">Say how long a node gets to connect again.</param>
    /// <returns>As above.</returns>
    public static TimeSpan StillHeldFor(NodeFinding node, TimeSpan hold, TimeSpan calmFor, NodeLivenessThresholds thresholds)
    {
        var (held, toReconnect) = (HeldFor(node, hold), thresholds.TimeToReconnect(node.KnownFor - calmFor) - calmFor);
        return held < toReconnect ? held : toReconnect;
    }
}
