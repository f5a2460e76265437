using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>The node that would have to be added for a group.</summary>
internal static class NewNode
{
    private const string Name = "new";

    public static LeastChange For(TaskGroup group, Cluster cluster)
    {
        var (claim, labels) = (group.Claim, Labels(group, cluster));
        var generic = claim.Demand.Generic.ToDictionary(pair => pair.Key, pair => pair.Value == Demand.AllThereAre ? 1 : pair.Value, StringComparer.Ordinal);
        var node = new NodeSnapshot
        {
            Id = Name,
            Name = Name,
            Cpus = claim.Demand.Cpus,
            MemoryBytes = claim.Demand.MemoryBytes,
            Generic = generic,
            Platform = group.Platforms.Count > 0 ? group.Platforms[0] : new Platform("linux", "amd64"),
            Pool = group.Pool == NodePool.Any ? NodePool.Default : group.Pool,
            Labels = labels,
        };
        var parts = new List<string> { Quantity.Cpus(claim.Demand.NanoCpus), Quantity.Memory(claim.Demand.MemoryBytes) };
        parts.AddRange(generic.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"));
        parts.AddRange(labels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"label {pair.Key}={pair.Value}"));
        if (group.Platforms.Count > 0)
        {
            parts.Add($"platform {group.Platforms[0]}");
        }

        if (node.Pool != NodePool.Default)
        {
            parts.Add($"pool {node.Pool}");
        }

        return new LeastChange($"add a node with at least {string.Join(", ", parts)} free", group, node);
    }

    private static Dictionary<string, string> Labels(TaskGroup group, Cluster cluster)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var constraint in group.Constraints.Where(constraint => constraint.Attribute.Kind == NodeAttributeKind.Label))
        {
            if (constraint.Operator is ConstraintOperator.Equal or ConstraintOperator.In)
            {
                labels.TryAdd(constraint.Attribute.Label, constraint.Values[0]);
            }
            else if (constraint.Operator == ConstraintOperator.Exists)
            {
                labels.TryAdd(constraint.Attribute.Label, "true");
            }
        }

        // A hard spread counts only nodes that have the label: in the place with the fewest there may be one task more.
        foreach (var attribute in group.Preferences.Where(preference => preference.Hard).Select(preference => preference.Attribute).Where(attribute => attribute.Kind == NodeAttributeKind.Label))
        {
            if (!labels.ContainsKey(attribute.Label) && Emptiest(group, cluster, attribute) is { } value)
            {
                labels[attribute.Label] = value;
            }
        }

        return labels;
    }

    private static string? Emptiest(TaskGroup group, Cluster cluster, NodeAttribute attribute) => cluster.Nodes
        .Where(node => attribute.Of(node.Node) is not null)
        .GroupBy(node => attribute.Of(node.Node)!, StringComparer.Ordinal)
        .OrderBy(nodes => nodes.Sum(node => node.CountOf(group.Claim.Service)))
        .ThenBy(nodes => nodes.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;
}
