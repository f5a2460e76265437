using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Scores;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class PlacementPlannerTests
{
    private readonly PlacementPlanner _planner = new(new PlacementOptions());

    [Fact]
    public void Place_OnEqualNodes_SpreadsAService() =>
        Assert.Equal(["a", "b", "a", "b"], _planner.Place(A.Group(cpus: 1), 4, A.Cluster([A.Node("b"), A.Node("a")])).NodeIds);

    [Fact]
    public void Place_AnotherService_FillsTheNodeThatIsUsed() =>
        Assert.Equal(["b"], _planner.Place(A.Group(cpus: 1), 1, A.Cluster([A.Node("a"), A.Node("b")], ("b", "db.1", A.Claim("db", cpus: 1)))).NodeIds);

    [Theory]
    [InlineData(PlacementStrategy.Mixed, new[] { "b", "a" })]
    [InlineData(PlacementStrategy.Binpack, new[] { "b", "b" })]
    [InlineData(PlacementStrategy.Spread, new[] { "a", "b" })]
    public void Place_ByStrategy(PlacementStrategy strategy, string[] expected)
    {
        var cluster = A.Cluster([A.Node("a"), A.Node("b")], ("b", "db.1", A.Claim("db", cpus: 1)));
        Assert.Equal(expected, _planner.Place(A.Group(cpus: 1) with { Strategy = strategy }, 2, cluster).NodeIds);
        Assert.Equal(expected, new PlacementPlanner(new PlacementOptions { Strategy = strategy }).Place(A.Group(cpus: 1), 2, cluster).NodeIds);
    }

    [Fact]
    public void Place_AtRandom_DependsOnTheSeedAlone()
    {
        var nodes = Enumerable.Range(0, 20).Select(i => A.Node($"n{i}")).ToList();
        var group = A.Group(cpus: 1) with { Strategy = PlacementStrategy.Random };
        var bySeed = Enumerable.Range(0, 10).Select(seed => string.Join(' ', _planner.Place(group with { Seed = seed }, 5, new Cluster(nodes)).NodeIds)).ToList();
        Assert.Equal(10, bySeed.Distinct().Count());
        Assert.Equal(bySeed[3], string.Join(' ', _planner.Place(group with { Seed = 3 }, 5, new Cluster(nodes)).NodeIds));
    }

    [Fact]
    public void Place_DecimalReservations_FillTheNodeExactly()
    {
        var result = _planner.Place(A.Group(cpus: 0.1), 11, A.Cluster([A.Node("a", cpus: 1)]));
        Assert.Equal(10, result.NodeIds.Count);
        Assert.Equal(["a lacks 0.1 CPUs"], result.Reasons);
    }

    [Fact]
    public void Place_NoRoom_NamesEveryNodeAndWhatItLacks()
    {
        var cluster = A.Cluster([A.Node("small", cpus: 1, memory: 256L << 20), A.Node("paused") with { Refuses = "is paused" }]);
        Assert.Equal(["paused is paused", "small lacks 1 CPUs and 768 MiB"], _planner.Place(A.Group(cpus: 2, memory: 1L << 30), 1, cluster).Reasons);
    }

    [Fact]
    public void PlaceBatch_TheMoreImportantFirst_ThenTheLarger()
    {
        var batch = new[] { ("small", 1.0, 50), ("large", 3.0, 50), ("important", 2.0, 80) }
            .Select(group => new AskingGroup(A.Group(group.Item1, cpus: group.Item2, priority: group.Item3), 1)).ToList();
        Assert.Equal([0, 1, 1], _planner.PlaceBatch(batch, A.Cluster([A.Node("a", cpus: 5)])).Select(result => result.NodeIds.Count));
        Assert.Equal([1, 0, 1], _planner.PlaceBatch(batch, A.Cluster([A.Node("a", cpus: 4)])).Select(result => result.NodeIds.Count));
    }

    [Fact]
    public void PlaceBatch_WhereNodesAreFilled_PutsTogetherWhatGoesTogether()
    {
        var batch = new[] { ("cpu", 3.0, 1L), ("memory", 1.0, 3L) }
            .Select(group => new AskingGroup(A.Group(group.Item1, cpus: group.Item2, memory: group.Item3 << 30) with { Strategy = PlacementStrategy.Binpack }, 3)).ToList();
        var nodes = Enumerable.Range(0, 3).Select(i => A.Node($"n{i}", cpus: 4, memory: 4L << 30));
        Assert.All(_planner.PlaceBatch(batch, new Cluster(nodes)), result => Assert.Equal(["n0", "n1", "n2"], result.NodeIds));
    }

    [Fact]
    public void Place_NoNode_SaysSo() =>
        Assert.Equal(["there is no node; start a node agent"], _planner.Place(A.Group(cpus: 1), 1, new Cluster()).Reasons);

    [Fact]
    public void Place_PreferencesInATree_SpreadOverZonesThenRacks()
    {
        var nodes = new[] { ("a1", "a", "r1"), ("a2", "a", "r2"), ("b1", "b", "r1"), ("b2", "b", "r1"), ("b3", "b", "r2") }
            .Select(node => A.Node(node.Item1, cpus: 32, labels: [("zone", node.Item2), ("rack", node.Item3)]));
        var group = A.Group(cpus: 1) with { Preferences = [new(A.Attribute("node.labels.zone")), new(A.Attribute("node.labels.rack"))] };
        var counts = _planner.Place(group, 8, new Cluster(nodes)).NodeIds.CountBy(id => id).ToDictionary();
        Assert.Equal(4, counts["a1"] + counts["a2"]);
        Assert.Equal((2, 2, 2), (counts["a1"], counts["b1"] + counts["b2"], counts["b3"]));
    }

    [Fact]
    public void Place_HardSkew_WaitsRatherThanLean()
    {
        var nodes = new[] { A.Node("a", cpus: 1, labels: [("zone", "a")]), A.Node("b", labels: [("zone", "b")]), A.Node("c") };
        var group = A.Group(cpus: 1) with { Preferences = [new(A.Attribute("node.labels.zone"), MaxSkew: 1, Hard: true)] };
        var result = _planner.Place(group, 4, new Cluster(nodes));
        Assert.Equal(["a", "b", "b"], result.NodeIds.Order());
        Assert.Equal(
            ["a lacks 1 CPUs", "b is in zone=b, which has 2 of the service where the fewest is 1: maxSkew is 1", "c lacks label zone to spread over"],
            result.Reasons);
    }

    [Fact]
    public void Place_HardAffinityToItself_StaysInTheFirstOnesZone()
    {
        var nodes = new[] { A.Node("a", cpus: 2, labels: [("zone", "a")]), A.Node("b", cpus: 8, labels: [("zone", "b")]), A.Node("c") };
        var group = A.Group(cpus: 1) with { ServiceAffinities = [new("web", "app/web", A.Attribute("node.labels.zone"), 100, Hard: true)] };
        var result = _planner.Place(group, 3, new Cluster(nodes));
        Assert.Equal(["a", "a"], result.NodeIds);
        Assert.Equal(["a lacks 1 CPUs", "b is in zone=b, which has no task of app/web", "c lacks label zone, so that it has no task of app/web"], result.Reasons);
    }

    [Theory]
    [InlineData(100, true, "b", "a is in zone=a, which has no task of blog/db")]
    [InlineData(-100, true, "a", "b is in zone=b, which has a task of blog/db")]
    [InlineData(100, false, "b", null)]
    [InlineData(-100, false, "a", null)]
    public void Place_AffinityToAServiceOfAnotherApplication_ByZone(int weight, bool hard, string node, string? refused)
    {
        var nodes = new[] { A.Node("a", labels: [("zone", "a")]), A.Node("b", cpus: 8, labels: [("zone", "b")]), A.Node("db", cpus: 1, labels: [("zone", "b")]) };
        var group = A.Group(cpus: 2) with { ServiceAffinities = [new("d1", "blog/db", A.Attribute("node.labels.zone"), weight, hard)] };
        var result = _planner.Place(group, 1, A.Cluster(nodes, ("db", "t1", A.Claim("d1", cpus: 1))));
        Assert.Equal([node], result.NodeIds);
        var reasons = result.Explanations[0].Refusals.Select(refusal => refusal.ToString());
        Assert.Equal(refused is not null, reasons.Contains(refused));
    }

    [Fact]
    public void Place_NearAServiceThatIsNowhere_WaitsWhereItMust_AndElseGoesAnywhere()
    {
        var absent = new ServiceAffinity("blog/db", "blog/db", A.Attribute("node.labels.zone"), 100, Hard: true);
        var cluster = A.Cluster([A.Node("a", labels: [("zone", "a")])]);
        var result = _planner.Place(A.Group() with { ServiceAffinities = [absent] }, 1, cluster);
        Assert.Equal(["a is in zone=a, which has no task of blog/db"], result.Reasons);
        Assert.Equal("make the affinity to blog/db soft", result.Waiting!.Changes[0].Text);
        Assert.Equal(["a"], _planner.Place(A.Group() with { ServiceAffinities = [absent with { Hard = false }] }, 1, cluster).NodeIds);
    }

    [Fact]
    public void Place_RecentFailures_SendElsewhere() =>
        Assert.Equal(["b"], _planner.Place(A.Group(cpus: 1) with { RecentFailures = new Dictionary<string, int> { ["a"] = 5 } }, 1, A.Cluster([A.Node("a", cpus: 2), A.Node("b", cpus: 16)])).NodeIds);

    [Fact]
    public void Place_ExplainsTheFirstTasks_WithScoresThatAddUp()
    {
        var nodes = Enumerable.Range(0, 8).Select(i => A.Node($"n{i}", cpus: 4 + i, labels: [("zone", i % 2 == 0 ? "a" : "b")])).ToList();
        var group = A.Group(cpus: 1) with { Constraints = [A.Constraint("node.labels.zone==a")], Image = "web:1" };
        var result = _planner.Place(group, 12, new Cluster(nodes));
        Assert.Equal(PlacementOptions.DefaultExplainedTasks, result.Explanations.Count);
        foreach (var (explanation, nodeId) in result.Explanations.Zip(result.NodeIds))
        {
            Assert.Equal(8, explanation.NodesLookedAt);
            Assert.Equal(["n1", "n3", "n5", "n7"], explanation.Refusals.Select(refusal => refusal.Node));
            Assert.Equal(nodeId, explanation.Best[0].NodeId);
            Assert.All(explanation.Best, best => Assert.Equal(best.Score, best.Parts.Sum(part => part.Score * part.Weight) / best.Parts.Sum(part => part.Weight), 0.02));
            Assert.Equal(explanation.Best.OrderByDescending(best => best.Score), explanation.Best);
        }
    }

    [Fact]
    public void Place_ManyRefusals_NamesSomeAndCountsTheRest()
    {
        var nodes = Enumerable.Range(0, 150).Select(i => A.Node($"n{i:000}", cpus: 1));
        var result = _planner.Place(A.Group(cpus: 2), 1, new Cluster(nodes));
        Assert.Equal(101, result.Reasons.Count);
        Assert.Equal("50 more nodes refuse", result.Reasons[^1]);
    }

    [Fact]
    public void Weights_OfEveryStrategy_AreDifferent() =>
        Assert.Equal(4, Enum.GetValues<PlacementStrategy>().Select(ScoreWeights.Of).Distinct().Count());
}
