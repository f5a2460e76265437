using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Draws tasks to where another service is, or the same, or keeps them away from it.</summary>
/// <param name="Service">As in <see cref="Claim.Service"/>.</param>
/// <param name="Name">The service's name for people.</param>
/// <param name="Topology">Nodes with the same value are one place; <c>node.id</c>: each node is.</param>
/// <param name="Weight">−100…100, not 0. Below 0: away from it.</param>
/// <param name="Hard">Must, not should; of the weight only the sign counts.</param>
public sealed record ServiceAffinity(string Service, string Name, NodeAttribute Topology, int Weight, bool Hard = false)
{
    /// <summary>
    /// Told by the node alone. A service drawn to itself is not: its first task goes anywhere, and decides for the others.
    /// </summary>
    internal bool IsOfNode(TaskGroup group) => Topology.IsTheNodeItself && !(Hard && Weight > 0 && Service == group.Claim.Service);
}
