using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

/// <summary>What one change costs does not grow with the cluster: a node is looked at when it has changed, or could be the best.</summary>
public sealed class PlacementCostTests
{
    private const int Rounds = 60;
    private readonly PlacementPlanner _planner = new(new PlacementOptions());

    public static TheoryData<string, TaskGroup> Groups => new()
    {
        { "plain", Group },
        { "constrained", Group with { Constraints = [A.Constraint("node.labels.disk==ssd"), A.Constraint("node.labels.zone in a,b")] } },
        { "spread", Group with { Preferences = [new(A.Attribute("node.labels.zone"), MaxSkew: 1, Hard: true)] } },
        { "apart", Group with { ServiceAffinities = [new("web", "app/web", A.Attribute("node.id"), -100, Hard: true)] } },
        { "near", Group with { ServiceAffinities = [new("db", "app/db", A.Attribute("node.id"), 100, Hard: true)] } },
        { "few each", Group with { MaxReplicasPerNode = 1 } },
    };

    private static TaskGroup Group => new() { Claim = A.Claim("web", cpus: 0.1) with { Demand = new Demand(0.1, 64L << 20) { Generic = new Dictionary<string, long> { ["seat"] = 1 } } } };

    [Theory]
    [MemberData(nameof(Groups))]
    public void AChange_OnTenTimesAsManyNodes_CostsNoMoreLooks(string name, TaskGroup group)
    {
        var (small, large) = (Looks(group, nodes: 60), Looks(group, nodes: 600));
        Assert.True(large <= small * 1.1, $"{name}: {large} looks at nodes on 600 nodes, {small} on 60");
        Assert.InRange(small, 1, int.MaxValue);
    }

    [Fact]
    public void AChange_WithTenTimesAsManyTasks_CostsNoMoreLooks()
    {
        var (few, many) = (Looks(Group, nodes: 60, tasks: 100), Looks(Group, nodes: 60, tasks: 1000));
        Assert.True(many <= few * 1.1, $"{many} looks with 1,000 tasks placed, {few} with 100");
    }

    /// <returns>How often nodes were looked at in rounds of one task placed, one gone, one node that says something new.</returns>
    private int Looks(TaskGroup group, int nodes, int tasks = 100)
    {
        var looks = 0;
        var cluster = new Cluster(Enumerable.Range(0, nodes).Select(i => Node(i, () => looks++)));
        for (var i = 0; i < tasks; i++)
        {
            cluster.Add(cluster.Nodes[i * 7 % 60].Node.Id, $"old-{i}", A.Claim(i % 10 == 0 ? "db" : "other", cpus: 0.01));
        }

        var placed = new Queue<(string NodeId, string Id)>();
        for (var i = 0; i < Rounds; i++)
        {
            if (i == Rounds / 2)
            {
                // By now all is known that has to be found out once.
                looks = 0;
            }

            var nodeId = Assert.Single(_planner.Place(group, 1, cluster).NodeIds);
            cluster.Add(nodeId, $"new-{i}", group.Claim);
            placed.Enqueue((nodeId, $"new-{i}"));
            if (placed.Count > 5)
            {
                var gone = placed.Dequeue();
                cluster.Remove(gone.NodeId, gone.Id);
            }

            cluster.Put(cluster.Nodes[i % 60].Node with { Cpus = 8 + (i % 2) });
        }

        return looks;
    }

    private static NodeSnapshot Node(int i, Action look) => A.Node($"n{i:000}", cpus: 8) with
    {
        Labels = new Watched<string>(new() { ["zone"] = i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c", ["disk"] = i % 4 == 0 ? "hdd" : "ssd" }, look),
        Generic = new Watched<long>(new() { ["seat"] = 50 }, look),
    };

    /// <summary>Tells of every look: whoever asks a node for what it has or is called comes by here.</summary>
    private sealed class Watched<T>(Dictionary<string, T> values, Action look) : IReadOnlyDictionary<string, T>
    {
        public int Count => values.Count;
        public IEnumerable<string> Keys => values.Keys;
        public IEnumerable<T> Values => values.Values;
        public T this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

        public bool ContainsKey(string key) => values.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
        {
            look();
            return values.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => values.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
