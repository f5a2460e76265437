namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Says all that cannot be meant in a group, whatever nodes there are. Each error names what is wrong and what to write.</summary>
public static class TaskGroupValidator
{
    public const int MaxPriority = 100;
    public const int MaxWeight = 100;

    public static IReadOnlyList<string> Check(TaskGroup group) =>
    [
        .. Demands(group.Claim.Demand),
        .. group.Claim.Priority is < 0 or > MaxPriority ? [$"priority {group.Claim.Priority} cannot be; write 0 to {MaxPriority}"] : Array.Empty<string>(),
        .. group.MaxReplicasPerNode is < 1 ? [$"max_replicas_per_node {group.MaxReplicasPerNode} leaves no node; write 1 or more"] : Array.Empty<string>(),
        .. group.Preferences.Where(preference => preference.MaxSkew < 1).Select(preference => $"maxSkew {preference.MaxSkew} of {preference.Attribute} cannot be; write 1 or more"),
        .. group.Preferences.GroupBy(preference => preference.Attribute).Where(same => same.Count() > 1).Select(same => $"{same.Key} stands twice among the spread preferences; write it once"),
        .. Weights(group.Affinities.Select(affinity => (affinity.Constraint.Text, affinity.Weight))),
        .. Weights(group.ServiceAffinities.Where(affinity => !affinity.Hard).Select(affinity => (affinity.Name, affinity.Weight))),
        .. Contradictions(group),
    ];

    private static IEnumerable<string> Demands(Demand demand)
    {
        if (!double.IsFinite(demand.Cpus) || demand.Cpus < 0)
        {
            yield return $"{demand.Cpus} CPUs cannot be reserved; write 0 or more";
        }

        if (demand.MemoryBytes < 0)
        {
            yield return $"{demand.MemoryBytes} bytes of memory cannot be reserved; write 0 or more";
        }

        if (demand.Pids < 0)
        {
            yield return $"{demand.Pids} process ids cannot be reserved; write 0 or more";
        }

        foreach (var (kind, amount) in demand.Generic.Where(pair => pair.Value < 1).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return $"{amount} of {kind} cannot be reserved; write 1 or more";
        }
    }

    private static IEnumerable<string> Weights(IEnumerable<(string Of, int Weight)> weights) => weights
        .Where(pair => pair.Weight is 0 or < -MaxWeight or > MaxWeight)
        .Select(pair => $"weight {pair.Weight} of the affinity to {pair.Of} cannot be; write −{MaxWeight} to {MaxWeight}, not 0");

    private static IEnumerable<string> Contradictions(TaskGroup group) => group.ServiceAffinities
        .Where(affinity => affinity.Hard && affinity.Weight > 0)
        .Where(near => group.ServiceAffinities.Any(far => far.Hard && far.Weight < 0 && far.Service == near.Service && (far.Topology == near.Topology || near.Topology.IsTheNodeItself)))
        .Select(near => $"the tasks must be near {near.Name} by {near.Topology} and must not be; remove one of both affinities");
}
