using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class LeastChangeTests
{
    private readonly PlacementPlanner _planner = new(new PlacementOptions());

    [Fact]
    public void Place_NodesThatLackDifferentThings_TellsTheLeastChangesFirst()
    {
        var cluster = A.Cluster(
            [A.Node("node-1", labels: [("zone", "a")]), A.Node("node-2", memory: 612L << 20, labels: [("zone", "b")]), A.Node("node-3", labels: [("zone", "b")]) with { Refuses = "is paused" }]);
        var group = A.Group(cpus: 1, memory: 1L << 30) with { Constraints = [A.Constraint("node.labels.zone==b")] };
        var waiting = _planner.Place(group, 1, cluster).Waiting!;
        Assert.Equal(
            [
                "make node-3 ready and active (it is paused)",
                "set label zone=b to node-1",
                "lower the reservation to 612 MiB",
                "add a node with at least 1 CPUs, 1024 MiB, label zone=b free",
            ],
            waiting.Changes.Select(change => change.Text));
    }

    [Fact]
    public void Place_WhereOneNodeNeedsTwoChanges_TellsBothTogether()
    {
        var cluster = A.Cluster([A.Node("n1", cpus: 1) with { Pool = "gpu" }]);
        Assert.Equal(
            ["name pool gpu in the service, and lower the reservation to 1 CPUs", "add a node with at least 2 CPUs, 0 MiB free"],
            _planner.Place(A.Group(cpus: 2), 1, cluster).Waiting!.Changes.Select(change => change.Text));
    }

    [Fact]
    public void Place_WhereAChangeDoesNotHelpAlone_IsNotTold()
    {
        // Without the port another node would be needed in any case: no reservation helps.
        var cluster = A.Cluster([A.Node("n1")], ("n1", "db.1", A.Claim("db", ports: [80])));
        Assert.Equal(["add a node with at least 0 CPUs, 0 MiB free"], _planner.Place(A.Group(ports: [80]), 1, cluster).Waiting!.Changes.Select(change => change.Text));
    }

    [Fact]
    public void Place_NoNode_TellsWhichToAdd() =>
        Assert.Equal(
            ["add a node with at least 2 CPUs, 512 MiB, 1 gpu, platform linux/arm64, pool edge free"],
            _planner.Place(
                A.Group() with { Claim = A.Claim() with { Demand = new Demand(2, 512L << 20) { Generic = new Dictionary<string, long> { ["gpu"] = 1 } } }, Platforms = [new("linux", "aarch64")], Pool = "edge" },
                1,
                new Cluster()).Waiting!.Changes.Select(change => change.Text));
}
