using Orchestrator.Contracts;
using CsCheck;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Constraints;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

/// <summary>Generators of small clusters and groups in which every rule matters now and then.</summary>
internal static class Any
{
    private static readonly string[] Services = ["web", "db", "batch"];

    private static readonly Gen<Claim> Claims =
        from service in One(Services)
        from cpus in One(0, 0.1, 0.5, 1)
        from memory in One(0L, 64L << 20, 256L << 20, 1L << 30)
        from priority in One(0, 20, 20, 50, 100)
        from port in One(0, 0, 0, 0, 80, 81)
        from gpus in One(0, 0, 0, 0, 1, -1)
        from mayGo in Gen.Bool
        select A.Claim(service, cpus, memory, priority, port > 0 ? [port] : []) with
        {
            MayBePreempted = mayGo,
            Demand = new Demand(cpus, memory) { Generic = gpus != 0 ? new Dictionary<string, long> { ["gpu"] = gpus } : new Dictionary<string, long>() },
        };

    private static readonly Gen<NodeSnapshot> Node =
        from cpus in One(1.0, 2, 4)
        from memory in One(1L << 30, 2L << 30, 4L << 30)
        from zone in One("", "a", "b", "c")
        from rack in One("", "r1", "r2")
        from disk in One("", "ssd", "hdd")
        from refuses in One("", "", "", "", "is paused")
        from taint in One("", "", "", "dedicated", "old")
        from gpus in Gen.Int[0, 2]
        from image in Gen.Bool
        from over in One(1, 1, 1.5)
        select new NodeSnapshot
        {
            Id = "",
            Name = "",
            Cpus = cpus,
            MemoryBytes = memory,
            OvercommitCpus = over,
            SystemMemoryBytes = 64L << 20,
            Refuses = refuses.Length > 0 ? refuses : null,
            Labels = new[] { ("zone", zone), ("rack", rack), ("disk", disk) }.Where(label => label.Item2.Length > 0).ToDictionary(label => label.Item1, label => label.Item2),
            Taints = taint.Length > 0 ? [new Taint(taint, "", taint == "old" ? TaintEffect.PreferNoSchedule : TaintEffect.NoSchedule)] : [],
            Generic = new Dictionary<string, long> { ["gpu"] = gpus },
            Images = image ? new HashSet<string> { "web:1" } : [],
        };

    private static readonly Gen<NodeSnapshot[]> Nodes =
        Node.Array[0, 9].Select(nodes => nodes.Select((node, i) => node with { Id = $"n{i}", Name = $"host-{i}" }).ToArray());

    /// <summary>With tasks on it, as many as fit.</summary>
    public static readonly Gen<Cluster> Clusters =
        from nodes in Nodes
        from tasks in Gen.Select(Gen.Int[0, 8], Claims).Array[0, 25]
        select Fill(nodes, tasks);

    private static readonly Gen<ServiceAffinity> ServiceAffinities =
        from service in One(Services)
        from topology in One("node.id", "node.labels.zone", "node.labels.rack")
        from weight in One(-100, -50, 30, 100)
        from hard in Gen.Bool
        select new ServiceAffinity(service, "app/" + service, A.Attribute(topology), weight, hard);

    private static readonly Gen<SpreadPreference> Preferences =
        from label in One("node.labels.zone", "node.labels.rack", "node.labels.disk")
        from skew in Gen.Int[1, 2]
        from hard in Gen.Bool
        select new SpreadPreference(A.Attribute(label), skew, hard);

    private static readonly Gen<Constraint> Constraints = One(
        "node.labels.zone==a", "node.labels.disk != hdd", "node.labels.zone in a,b", "node.labels.rack exists", "node.hostname ~= ^host-[0-5]$", "node.role==worker").Select(A.Constraint);

    private static readonly Gen<AttributeAffinity> Affinities =
        Gen.Select(Constraints, One(-100, -20, 50), (constraint, weight) => new AttributeAffinity(constraint, weight));

    private static readonly Gen<TaskGroup> Ruled =
        from claim in Claims
        from constraints in Few(Constraints)
        from preferences in Few(Preferences)
        from affinities in Few(Affinities)
        from services in Few(ServiceAffinities)
        from max in One(0, 0, 1, 3)
        from tolerates in Gen.Bool
        select new TaskGroup
        {
            Claim = claim,
            Constraints = constraints,
            Preferences = [.. preferences.DistinctBy(preference => preference.Attribute)],
            Affinities = affinities,
            ServiceAffinities = services,
            MaxReplicasPerNode = max > 0 ? max : null,
            Tolerations = tolerates ? [new Toleration("dedicated")] : [],
        };

    public static readonly Gen<TaskGroup> Groups =
        from ruled in Ruled
        from failures in One(0, 0, 2, 7)
        from image in Gen.Bool
        from strategy in One(PlacementStrategy.Mixed, PlacementStrategy.Mixed, PlacementStrategy.Binpack, PlacementStrategy.Spread, PlacementStrategy.Random)
        from seed in Gen.Int[0, 3]
        select ruled with
        {
            RecentFailures = failures > 0 ? new Dictionary<string, int> { ["n1"] = failures, ["n3"] = 1 } : new Dictionary<string, int>(),
            Image = image ? "web:1" : null,
            Strategy = strategy,
            Seed = seed,
        };

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<T[]> Few<T>(Gen<T> gen) =>
        from some in gen.Array[1, 2]
        from none in One(true, true, true, false, false)
        select none ? [] : some;

    private static Cluster Fill(NodeSnapshot[] nodes, (int At, Claim Claim)[] tasks)
    {
        var cluster = new Cluster(nodes);
        for (var i = 0; i < tasks.Length && nodes.Length > 0; i++)
        {
            var node = cluster.Find($"n{tasks[i].At % nodes.Length}")!;
            if (NodeFilters.Capacity.Room(new TaskGroup { Claim = tasks[i].Claim }, node) > 0)
            {
                cluster.Add(node.Node.Id, $"t{i}", tasks[i].Claim);
            }
        }

        return cluster;
    }
}
