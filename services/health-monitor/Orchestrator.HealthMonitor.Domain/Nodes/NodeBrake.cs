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

    /// <summary>It would be lost, and is not declared so.</summary>
    public static bool Holds(NodeFinding node, TimeSpan hold) =>
        node is { Found: NodeLiveness.Lost, Known: < NodeLiveness.Lost, Confirmed: false } && !(node.Known == NodeLiveness.Unreachable && node.KnownFor >= hold);
}
