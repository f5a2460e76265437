using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>The node meets every constraint.</summary>
public sealed class ConstraintFilter : INodeFilter
{
    private const double LabelSize = 0.3;
    private const double DropSize = 0.8;

    public int Room(TaskGroup group, NodeState node)
    {
        for (var i = 0; i < group.Constraints.Count; i++)
        {
            if (!group.Constraints[i].Holds(node.Node))
            {
                return 0;
            }
        }

        return int.MaxValue;
    }

    public string Reason(TaskGroup group, NodeState node) =>
        string.Join(" and ", Broken(group, node).Select(constraint => constraint.Reason(node.Node)));

    public Cure? Cure(TaskGroup group, NodeState node)
    {
        var cures = new List<string>();
        var (size, cured, labels) = (0.0, group, new Dictionary<string, string>(node.Node.Labels));
        foreach (var constraint in Broken(group, node))
        {
            if (constraint is { Attribute.Kind: NodeAttributeKind.Label, Operator: ConstraintOperator.Equal or ConstraintOperator.In })
            {
                labels[constraint.Attribute.Label] = constraint.Values[0];
                cures.Add($"{(node.Node.Labels.ContainsKey(constraint.Attribute.Label) ? "set" : "add")} label {constraint.Attribute.Label}={constraint.Values[0]} to {node.Node.Name}");
                size += LabelSize;
            }
            else
            {
                cured = cured with { Constraints = [.. cured.Constraints.Where(other => !other.Equals(constraint))] };
                cures.Add($"drop the constraint {constraint}");
                size += DropSize;
            }
        }

        return new(string.Join(" and ", cures), size, cured, node.Node with { Labels = labels });
    }

    private static IEnumerable<Constraint> Broken(TaskGroup group, NodeState node) => group.Constraints.Where(constraint => !constraint.Holds(node.Node));
}
