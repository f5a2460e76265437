using CsCheck;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Rebalance;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class RebalanceTests
{
    private static readonly RebalanceOptions On = new() { Enabled = true };

    private static readonly Dictionary<string, TaskGroup> Groups = new() { ["web"] = A.Group(cpus: 1), ["db"] = A.Group("db", cpus: 1) };

    [Fact]
    public void Plan_Off_MovesNothing() => Assert.Empty(Plan(OneFullNode(), new RebalanceOptions()));

    [Fact]
    public void Plan_AFullAndAnEmptyNode_LevelsThemAndSaysWhy()
    {
        var moves = Plan(OneFullNode(), On);
        Assert.Equal(2, moves.Count);
        Assert.All(moves, move => Assert.Equal(("a", "b"), (move.FromNodeId, move.ToNodeId)));
        Assert.Equal("a is reserved to 100 %, b to 0 %; with the move the fuller of them is at 75 %", moves[0].Reason);
    }

    [Fact]
    public void Plan_WithinTheBudget() => Assert.Single(RebalancePlanner.Plan(OneFullNode(), Groups, new HashSet<string>(), 1, On));

    [Fact]
    public void Plan_BelowTheThreshold_MovesNothing()
    {
        var cluster = A.Cluster([A.Node("a"), A.Node("b")], ("a", "1", A.Claim(cpus: 1)), ("a", "2", A.Claim(cpus: 1)), ("b", "3", A.Claim(cpus: 1)));
        Assert.Empty(Plan(cluster, On));
    }

    [Fact]
    public void Plan_AnEmptyNode_GetsATaskWhateverTheThreshold()
    {
        var cluster = A.Cluster([A.Node("a", cpus: 16), A.Node("b", cpus: 16)], ("a", "1", A.Claim(cpus: 1)), ("a", "2", A.Claim(cpus: 1)));
        Assert.Single(Plan(cluster, On));
        Assert.Empty(Plan(cluster, On with { FillEmptyNodes = false }));
    }

    [Fact]
    public void Plan_TasksThatStay_AreNotMoved()
    {
        Assert.Equal(["3", "4"], RebalancePlanner.Plan(OneFullNode(), Groups, new HashSet<string> { "1", "2" }, 9, On).Select(move => move.TaskId));
        Assert.Empty(RebalancePlanner.Plan(OneFullNode(), new Dictionary<string, TaskGroup>(), new HashSet<string>(), 9, On));
    }

    [Fact]
    public void Plan_ANodeThatTakesNothing_IsLeftAlone()
    {
        var cluster = OneFullNode();
        cluster.Put(A.Node("b") with { Refuses = "is drained" });
        Assert.Empty(Plan(cluster, On));
    }

    [Fact]
    public void Plan_Always_KeepsTheRules_AndLowersTheLoad() =>
        Gen.Select(Any.Clusters, Any.Groups.Array[3, 3]).Sample((cluster, groups) =>
        {
            var byService = new[] { "web", "db", "batch" }.Zip(groups).ToDictionary(pair => pair.First, pair => pair.Second);
            foreach (var move in RebalancePlanner.Plan(cluster, byService, new HashSet<string>(), 20, On))
            {
                var claim = cluster.Find(move.FromNodeId)!.Tasks[move.TaskId];
                var before = cluster.Find(move.FromNodeId)!.Load;
                cluster.Remove(move.FromNodeId, move.TaskId);
                Assert.Empty(NodeFilters.All.Reasons(byService[move.Service] with { Claim = claim }, cluster.Find(move.ToNodeId)!));
                cluster.Add(move.ToNodeId, move.TaskId, claim);
                Assert.True(Math.Max(cluster.Find(move.FromNodeId)!.Load, cluster.Find(move.ToNodeId)!.Load) < before);
            }
        });

    private static IReadOnlyList<Move> Plan(Cluster cluster, RebalanceOptions options) =>
        RebalancePlanner.Plan(cluster, Groups, new HashSet<string>(), options.MovesPerHour, options);

    private static Cluster OneFullNode() => A.Cluster(
        [A.Node("a"), A.Node("b")],
        ("a", "1", A.Claim(cpus: 1)), ("a", "2", A.Claim("db", cpus: 1)), ("a", "3", A.Claim("db", cpus: 1)), ("a", "4", A.Claim(cpus: 1)));
}
