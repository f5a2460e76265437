using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Preemption;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class PreemptionTests
{
    private readonly PlacementPlanner _planner = new(new PlacementOptions());

    [Fact]
    public void Place_PreemptionOff_Waits() => Assert.Empty(_planner.Place(A.Group(cpus: 4, priority: 90), 1, Full(("n1", [(4, 10)]))).Nominations);

    [Fact]
    public void Place_RoomElsewhere_StopsNobody() =>
        Assert.Empty(Place(4, 90, Full(("n1", [(4, 10)]), ("n2", []))).Nominations);

    [Theory]
    [InlineData(50, 50, false)]
    [InlineData(50, 49, true)]
    [InlineData(50, 51, false)]
    public void Place_OnlyLowerOnes_MayBeStopped(int priority, int other, bool expected) =>
        Assert.Equal(expected, Place(1, priority, Full(("n1", [(4, other)]))).Nominations.Count == 1);

    [Fact]
    public void Place_AServiceThatIsNeverPreempted_StaysThere()
    {
        var cluster = A.Cluster([A.Node("n1")], ("n1", "a", A.Claim("db", cpus: 4, priority: 0) with { MayBePreempted = false }));
        Assert.Empty(Place(1, 100, cluster).Nominations);
    }

    [Fact]
    public void Place_TheLeastImportantOnes_GoFirst_ThoughTheyAreMore() =>
        Assert.Equal(["n2-0", "n2-1"], Victims(2, Full(("n1", [(2, 30), (2, 40)]), ("n2", [(1, 10), (1, 10), (2, 40)]))));

    [Fact]
    public void Place_OfEquallyImportantOnes_TheFewestGo() =>
        Assert.Equal(["n2-1"], Victims(2, Full(("n1", [(1, 10), (1, 10), (1, 10), (1, 10)]), ("n2", [(2, 10), (2, 10)]))));

    [Fact]
    public void Place_TwoThatSuffice_AreFoundAmongMany() =>
        Assert.Equal(["n1-2", "n1-3"], Victims(2.5, Full(("n1", [(0.5, 10), (0.5, 10), (1.25, 10), (1.25, 10), (0.5, 10)]))));

    [Fact]
    public void Place_NoneIsStoppedInVain() =>
        Assert.Equal(["n1-0", "n1-2", "n1-3"], Victims(3, Full(("n1", [(1, 5), (1, 50), (1, 5), (1, 5)]))));

    [Fact]
    public void Place_SeveralTasks_UseTheRoomOfOneVictimTogether()
    {
        var nominations = Place(1, 90, Full(("n1", [(4, 10)]), ("n2", [(4, 20)])), count: 3).Nominations;
        Assert.Equal([["n1-0"], [], []], nominations.Select(nomination => nomination.Victims));
        Assert.All(nominations, nomination => Assert.Equal("n1", nomination.NodeId));
        Assert.Equal("n1 has room without n1-0, of priority 10 at most, below 90", nominations[0].Reason);
    }

    [Fact]
    public void Place_APortInUse_IsFreedByItsHolder()
    {
        var cluster = A.Cluster([A.Node("n1")], ("n1", "a", A.Claim("db", priority: 1)), ("n1", "b", A.Claim("lb", priority: 5, ports: [80])));
        var group = A.Group(priority: 50, ports: [80]) with { Preemption = PreemptionMode.Lower };
        Assert.Equal(["b"], Assert.Single(_planner.Place(group, 1, cluster).Nominations).Victims);
    }

    [Fact]
    public void Place_WhereARuleRefuses_NobodyIsStopped()
    {
        var group = A.Group(cpus: 4, priority: 90) with { Preemption = PreemptionMode.Lower, Constraints = [A.Constraint("node.role==manager")] };
        Assert.Empty(_planner.Place(group, 1, Full(("n1", [(4, 10)]))).Nominations);
    }

    private IReadOnlyList<string> Victims(double cpus, Cluster cluster) => Assert.Single(Place(cpus, 90, cluster).Nominations).Victims;

    private PlacementResult Place(double cpus, int priority, Cluster cluster, int count = 1) =>
        _planner.Place(A.Group("vip", cpus, priority: priority) with { Preemption = PreemptionMode.Lower }, count, cluster);

    /// <summary>Nodes of 4 CPUs with tasks of so many CPUs and such priorities, named <c>n1-0</c>, <c>n1-1</c>….</summary>
    private static Cluster Full(params (string Node, (double Cpus, int Priority)[] Tasks)[] nodes) => A.Cluster(
        nodes.Select(node => A.Node(node.Node)),
        [.. nodes.SelectMany(node => node.Tasks.Index().Select(task => (node.Node, $"{node.Node}-{task.Index}", A.Claim("low", task.Item.Cpus, priority: task.Item.Priority))))]);
}
