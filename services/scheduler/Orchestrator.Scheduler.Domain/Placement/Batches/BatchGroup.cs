using Orchestrator.Scheduler.Domain.Placement.Explain;

namespace Orchestrator.Scheduler.Domain.Placement.Batches;

/// <summary>A group of a batch, and what it has got so far.</summary>
internal sealed class BatchGroup(AskingGroup asking, int at, Cluster cluster, bool fills)
{
    public TaskGroup Group { get; } = asking.Group;

    /// <summary>Its place in the batch.</summary>
    public int At { get; } = at;

    /// <summary>Its tasks go where nodes get full.</summary>
    public bool Fills { get; } = fills;

    public long NanoCpus { get; } = asking.Group.Claim.Demand.NanoCpus;
    public long MemoryBytes { get; } = asking.Group.Claim.Demand.MemoryBytes;

    /// <summary>Of all CPUs or all memory of the cluster, whichever one task takes more of.</summary>
    public double Size { get; } = Math.Max(
        Share(asking.Group.Claim.Demand.NanoCpus, cluster.AllocatableNanoCpus), Share(asking.Group.Claim.Demand.MemoryBytes, cluster.AllocatableMemoryBytes));

    public int Left => asking.Count - NodeIds.Count;
    public List<string> NodeIds { get; } = [];
    public List<Explanation> Explanations { get; } = [];

    public bool FitsInto(NodeState node) => NanoCpus <= node.FreeNanoCpus && MemoryBytes <= node.FreeMemoryBytes;

    private static double Share(long part, double all) => all > 0 ? part / all : 0;
}
