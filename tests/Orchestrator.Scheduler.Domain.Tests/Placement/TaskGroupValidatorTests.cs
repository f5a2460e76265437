using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class TaskGroupValidatorTests
{
    public static TheoryData<TaskGroup, string> Wrong => new()
    {
        { A.Group(cpus: -1), "-1 CPUs cannot be reserved; write 0 or more" },
        { A.Group(cpus: double.NaN), "NaN CPUs cannot be reserved; write 0 or more" },
        { A.Group(memory: -5), "-5 bytes of memory cannot be reserved; write 0 or more" },
        { new TaskGroup { Claim = new Claim { Demand = new Demand(0, 0, -1) } }, "-1 process ids cannot be reserved; write 0 or more" },
        { new TaskGroup { Claim = new Claim { Demand = new Demand(0, 0) { Generic = new Dictionary<string, long> { ["gpu"] = 0 } } } }, "0 of gpu cannot be reserved; write 1 or more" },
        { A.Group(priority: 101), "priority 101 cannot be; write 0 to 100" },
        { A.Group() with { MaxReplicasPerNode = 0 }, "max_replicas_per_node 0 leaves no node; write 1 or more" },
        { A.Group() with { Preferences = [new(A.Attribute("node.labels.zone"), 0)] }, "maxSkew 0 of node.labels.zone cannot be; write 1 or more" },
        { A.Group() with { Preferences = [new(A.Attribute("node.labels.zone")), new(A.Attribute("node.labels.zone"), 2)] }, "node.labels.zone stands twice among the spread preferences; write it once" },
        { A.Group() with { Affinities = [new(A.Constraint("node.role==worker"), 0)] }, "weight 0 of the affinity to node.role==worker cannot be; write −100 to 100, not 0" },
        { A.Group() with { ServiceAffinities = [new("db", "app/db", A.Attribute("node.id"), 101)] }, "weight 101 of the affinity to app/db cannot be; write −100 to 100, not 0" },
        {
            A.Group() with { ServiceAffinities = [new("db", "app/db", A.Attribute("node.id"), 1, Hard: true), new("db", "app/db", A.Attribute("node.labels.zone"), -1, Hard: true)] },
            "the tasks must be near app/db by node.id and must not be; remove one of both affinities"
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_WhatCannotBeMeant_SaysSo(TaskGroup group, string error) => Assert.Equal([error], TaskGroupValidator.Check(group));

    [Fact]
    public void Check_SeveralThings_SaysAll() =>
        Assert.Equal(3, TaskGroupValidator.Check(A.Group(cpus: -1, memory: -1, priority: -1)).Count);

    [Fact]
    public void Check_NearInTheZoneButNotOnTheNode_IsFine() =>
        Assert.Empty(TaskGroupValidator.Check(A.Group() with
        {
            ServiceAffinities = [new("db", "app/db", A.Attribute("node.labels.zone"), 1, Hard: true), new("db", "app/db", A.Attribute("node.id"), -1, Hard: true)],
        }));
}
