using CsCheck;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class FirstFitPlannerTests
{
    private static readonly Gen<NodeSnapshot[]> Nodes = Gen.Select(
            Gen.Double[0.5, 16], Gen.Long[1L << 28, 1L << 34], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Bool,
            (cpus, memory, usedCpu, usedMemory, refuses) => A.Node("n", cpus, memory, cpus * usedCpu, (long)(memory * usedMemory)) with
            {
                Refuses = refuses ? "is paused" : null,
            })
        .Array[0, 12]
        .Select(nodes => nodes.Select((node, i) => node with { Id = $"n{i}", Name = $"n{i}" }).ToArray());

    private static readonly Gen<Demand> Demands = Gen.Select(Gen.Double[0, 4], Gen.Long[0, 1L << 32], (cpus, memory) => new Demand(cpus, memory));

    private readonly FirstFitPlanner _planner = new();

    [Fact]
    public void Place_Always_KeepsEveryNodeWithinItsCapacity() =>
        Gen.Select(Nodes, Demands, Gen.Int[0, 60]).Sample((nodes, demand, count) =>
        {
            var result = _planner.Place(demand, count, nodes);
            foreach (var group in result.NodeIds.GroupBy(id => id))
            {
                var node = nodes.Single(candidate => candidate.Id == group.Key);
                Assert.Null(node.Refuses);
                Assert.True(node.ReservedCpus + (demand.Cpus * group.Count()) <= node.Cpus + 1e-6);
                Assert.True(node.ReservedMemoryBytes + (demand.MemoryBytes * group.Count()) <= node.MemoryBytes);
            }
        });

    [Fact]
    public void Place_Always_PlacesAsManyAsFitAndSaysWhyNotMore() =>
        Gen.Select(Nodes, Demands, Gen.Int[0, 60]).Sample((nodes, demand, count) =>
        {
            var result = _planner.Place(demand, count, nodes);
            if (result.NodeIds.Count == count)
            {
                Assert.Empty(result.Reasons);
                return;
            }

            Assert.Equal(Math.Max(1, nodes.Length), result.Reasons.Count);
            var used = result.NodeIds.CountBy(id => id).ToDictionary();
            Assert.DoesNotContain(nodes, node => node.Refuses is null
                && node.FreeCpus - (demand.Cpus * used.GetValueOrDefault(node.Id)) > demand.Cpus + 1e-6
                && node.FreeMemoryBytes - (demand.MemoryBytes * used.GetValueOrDefault(node.Id)) >= demand.MemoryBytes);
        });

    [Fact]
    public void Place_NodesInAnyOrder_GivesTheSameAnswer() =>
        Gen.Select(Nodes, Demands, Gen.Int[0, 30], Gen.Int).Sample((nodes, demand, count, seed) =>
        {
            var shuffled = nodes.OrderBy(node => HashCode.Combine(node.Id, seed)).ToArray();
            Assert.Equal(_planner.Place(demand, count, nodes).NodeIds, _planner.Place(demand, count, shuffled).NodeIds);
        });

    [Fact]
    public void Place_OnEqualNodes_TakesTurns()
    {
        var result = _planner.Place(new Demand(1, 0), 4, [A.Node("b"), A.Node("a")]);
        Assert.Equal(["a", "b", "a", "b"], result.NodeIds);
    }

    [Fact]
    public void Place_DecimalReservations_FillTheNodeExactly()
    {
        var result = _planner.Place(new Demand(0.1, 0), 11, [A.Node("a", cpus: 1)]);
        Assert.Equal(10, result.NodeIds.Count);
        Assert.Equal(["a lacks 0.1 CPUs"], result.Reasons);
    }

    [Fact]
    public void Place_NoRoom_NamesEveryNodeAndWhatItLacks()
    {
        var nodes = new[]
        {
            A.Node("small", cpus: 1, memory: 256L << 20),
            A.Node("paused") with { Refuses = "is paused" },
        };
        var result = _planner.Place(new Demand(2, 1L << 30), 1, nodes);
        Assert.Equal(["paused is paused", "small lacks 1 CPUs and 768 MiB"], result.Reasons);
    }

    [Fact]
    public void Place_NoNode_SaysSo() =>
        Assert.Equal(["there is no node; start a node agent"], _planner.Place(new Demand(1, 1), 1, []).Reasons);
}
