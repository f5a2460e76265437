using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Constraints;

/// <summary>What constraints and attributes say of a node.</summary>
public static class NodeValues
{
    /// <returns>Null: the node has no such label.</returns>
    public static string? Of(this NodeAttribute attribute, NodeSnapshot node) => attribute.Kind switch
    {
        NodeAttributeKind.Id => node.Id,
        NodeAttributeKind.HostName => node.Name,
        NodeAttributeKind.Role => node.Role == NodeRole.Manager ? "manager" : "worker",
        NodeAttributeKind.Os => node.Platform.Os,
        NodeAttributeKind.Architecture => NodePlatform.Normal(node.Platform.Architecture),
        NodeAttributeKind.Label => node.Labels.GetValueOrDefault(attribute.Label),
        _ => node.EngineLabels.GetValueOrDefault(attribute.Label),
    };

    public static bool Holds(this Constraint constraint, NodeSnapshot node) => constraint.HoldsFor(constraint.Attribute.Of(node));

    /// <returns>Why it does not hold, to be read after the node's name.</returns>
    public static string Reason(this Constraint constraint, NodeSnapshot node) => constraint.ReasonAgainst(constraint.Attribute.Of(node));
}
