using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Filters;
using Orchestrator.Scheduler.Domain.Placement.Taints;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class FilterTests
{
    private static readonly NodeSnapshot Node = A.Node("n1", cpus: 4, memory: 4L << 30, labels: [("zone", "a")]);

    /// <summary>Filter, group, node with tasks, room, reason.</summary>
    public static TheoryData<Case> Cases =>
    [
        new Case(new ReadyFilter(), A.Group(), Node, int.MaxValue),
        new Case(new ReadyFilter(), A.Group(), Node with { Refuses = "is paused" }, 0, "is paused"),
        new Case(new PoolFilter(), A.Group(), Node with { Pool = "gpu" }, 0, "is in pool gpu, not default"),
        new Case(new PoolFilter(), A.Group() with { Pool = "gpu" }, Node with { Pool = "gpu" }, int.MaxValue),
        new Case(new PoolFilter(), A.Group() with { Pool = "gpu" }, Node, 0, "is in pool default, not gpu"),
        new Case(new PoolFilter(), A.Group() with { Pool = NodePool.Any }, Node with { Pool = "gpu" }, int.MaxValue),
        new Case(new PlatformFilter(), A.Group() with { Platforms = [new("linux", "arm64"), new("linux", "x86_64")] }, Node, int.MaxValue),
        new Case(new PlatformFilter(), A.Group() with { Platforms = [new("linux", "arm64"), new("windows", "amd64")] }, Node, 0, "is linux/amd64, not linux/arm64 or windows/amd64"),
        new Case(new ConstraintFilter(), A.Group() with { Constraints = [A.Constraint("node.labels.zone==a")] }, Node, int.MaxValue),
        new Case(new ConstraintFilter(), A.Group() with { Constraints = [A.Constraint("node.labels.zone==b"), A.Constraint("node.labels.disk==ssd")] }, Node, 0,
            "has zone=a, against node.labels.zone==b and lacks label disk=ssd"),
        new Case(new TaintFilter(), A.Group(), Node with { Taints = [new("db", "main", TaintEffect.NoSchedule)] }, 0, "has taint db=main:NoSchedule"),
        new Case(new TaintFilter(), A.Group(), Node with { Taints = [new("out", "", TaintEffect.NoExecute)] }, 0, "has taint out:NoExecute"),
        new Case(new TaintFilter(), A.Group(), Node with { Taints = [new("old", "", TaintEffect.PreferNoSchedule)] }, int.MaxValue),
        new Case(new TaintFilter(), A.Group() with { Tolerations = [new("db")] }, Node with { Taints = [new("db", "main", TaintEffect.NoSchedule)] }, int.MaxValue),
        new Case(new TaintFilter(), A.Group() with { Tolerations = [new("db", "other")] }, Node with { Taints = [new("db", "main", TaintEffect.NoSchedule)] }, 0, "has taint db=main:NoSchedule"),
        new Case(new TaintFilter(), A.Group() with { Tolerations = [new("db", Effect: TaintEffect.NoExecute)] }, Node with { Taints = [new("db", "main", TaintEffect.NoSchedule)] }, 0, "has taint db=main:NoSchedule"),
        new Case(new VolumeFilter(), A.Group() with { Volumes = [new("data", "n1", "host-1")] }, Node, int.MaxValue),
        new Case(new VolumeFilter(), A.Group() with { Volumes = [new("data", "n2", "host-2")] }, Node, 0, "lacks volume data, which is on host-2"),
        new Case(new CapacityFilter(), A.Group(cpus: 1, memory: 1L << 30), Node, 4),
        new Case(new CapacityFilter(), A.Group(), Node, int.MaxValue),
        new Case(new CapacityFilter(), A.Group(cpus: 1, memory: 1L << 30), Node, 1, Tasks: [A.Claim(cpus: 3)]),
        new Case(new CapacityFilter(), A.Group(cpus: 0.1), Node with { Cpus = 0.3 }, 3),
        new Case(new CapacityFilter(), A.Group(cpus: 1, memory: 1L << 30), Node, 0, "lacks 0.5 CPUs", [A.Claim(cpus: 3.5)]),
        new Case(new CapacityFilter(), A.Group(cpus: 8, memory: 5L << 30), Node, 0, "lacks 4 CPUs and 1024 MiB"),
        new Case(new CapacityFilter(), A.Group(cpus: 4), Node with { SystemCpus = 0.5 }, 0, "lacks 0.5 CPUs"),
        new Case(new CapacityFilter(), A.Group(cpus: 1), Node with { SystemCpus = 1, OvercommitCpus = 2 }, 6),
        new Case(new CapacityFilter(), A.Group(memory: 1L << 30), Node with { SystemMemoryBytes = 1L << 30, OvercommitMemory = 1.5 }, 4),
        new Case(new CapacityFilter(), A.Group(cpus: 1), Node with { Cpus = 1 }, 0, "lacks 2 CPUs", [A.Claim(cpus: 2)]),
        new Case(new CapacityFilter(), Pids(600), Node with { Pids = 1000 }, 1),
        new Case(new CapacityFilter(), Pids(600), Node with { Pids = 1000 }, 0, "lacks 200 pids", [Pids(600).Claim]),
        new Case(new CapacityFilter(), Pids(600), Node, int.MaxValue),
        new Case(new GenericFilter(), Generic("gpu", 2), Node with { Generic = Amounts("gpu", 5) }, 2),
        new Case(new GenericFilter(), Generic("gpu", 2), Node with { Generic = Amounts("gpu", 3) }, 0, "lacks 1 gpu", [Generic("gpu", 2).Claim]),
        new Case(new GenericFilter(), Generic("gpu", 2), Node, 0, "lacks 2 gpu"),
        new Case(new GenericFilter(), Generic("gpu", Demand.AllThereAre), Node with { Generic = Amounts("gpu", 3) }, 1, Tasks: [Generic("ssd", 1).Claim]),
        new Case(new GenericFilter(), Generic("gpu", Demand.AllThereAre), Node with { Generic = Amounts("gpu", 3) }, 0, "has 1 of its 3 gpu in use, and all are wanted", [Generic("gpu", 1).Claim]),
        new Case(new GenericFilter(), Generic("gpu", Demand.AllThereAre), Node with { Generic = Amounts("gpu", 3) }, 0, "has 3 of its 3 gpu in use, and all are wanted", [Generic("gpu", Demand.AllThereAre).Claim]),
        new Case(new GenericFilter(), Generic("gpu", Demand.AllThereAre), Node, 0, "has no gpu"),
        new Case(new GenericFilter(), Generic("gpu", 1), Node with { Generic = Amounts("gpu", 2) }, 0, "lacks 1 gpu", [Generic("gpu", Demand.AllThereAre).Claim]),
        new Case(new GenericFilter(), Device("gpu-1"), Node with { DeviceIds = new HashSet<string> { "gpu-1" } }, 1),
        new Case(new GenericFilter(), Device("gpu-1"), Node with { DeviceIds = new HashSet<string> { "gpu-1" } }, 0, "lacks device gpu-1, which another task has", [Device("gpu-1").Claim]),
        new Case(new GenericFilter(), Device("gpu-2"), Node with { DeviceIds = new HashSet<string> { "gpu-1" } }, 0, "lacks device gpu-2"),
        new Case(new HostPortFilter(), A.Group(ports: [80]), Node, 1),
        new Case(new HostPortFilter(), A.Group(ports: [80]), Node, 0, "has in use port 80/tcp", [A.Claim(ports: [80])]),
        new Case(new HostPortFilter(), A.Group(ports: [80]), Node with { HeldPorts = [new() { Port = 80, Holder = "nginx, process 7" }] }, 0, "has in use port 80/tcp, which nginx, process 7 has"),
        new Case(new HostPortFilter(), A.Group(ports: [80]), Node with { HeldPorts = [new() { Port = 81, Holder = "nginx, process 7" }] }, 1),
        new Case(new HostPortFilter(), A.Group(ports: [80]), Node, 1, Tasks: [A.Claim(ports: [81])]),
        new Case(new HostPortFilter(), A.Group(), Node, int.MaxValue, Tasks: [A.Claim(ports: [80])]),
        new Case(new MaxReplicasFilter(), A.Group() with { MaxReplicasPerNode = 3 }, Node, 2, Tasks: [A.Claim(), A.Claim("db")]),
        new Case(new MaxReplicasFilter(), A.Group() with { MaxReplicasPerNode = 1 }, Node, 0, "has 1 of the service, and max_replicas_per_node is 1", [A.Claim()]),
        new Case(new ServiceAffinityFilter(), Near("db", 100), Node, int.MaxValue, Tasks: [A.Claim("db")]),
        new Case(new ServiceAffinityFilter(), Near("db", 100), Node, 0, "has no task of app/db"),
        new Case(new ServiceAffinityFilter(), Near("db", -100), Node, 0, "has a task of app/db", [A.Claim("db")]),
        new Case(new ServiceAffinityFilter(), Near("db", -100), Node, int.MaxValue),
        new Case(new ServiceAffinityFilter(), Near("web", -100), Node, 1),
        new Case(new ServiceAffinityFilter(), NearOther("d1", "blog/db", 100), Node, int.MaxValue, Tasks: [A.Claim("d1")]),
        new Case(new ServiceAffinityFilter(), NearOther("blog/db", "blog/db", 100), Node, 0, "has no task of blog/db", [A.Claim("db")]),
        new Case(new ServiceAffinityFilter(), NearOther("d1", "blog/db", -100), Node, 0, "has a task of blog/db", [A.Claim("d1")]),
        new Case(new ServiceAffinityFilter(), NearOther("blog/db", "blog/db", -100), Node, int.MaxValue, Tasks: [A.Claim("db")]),
        new Case(new ServiceAffinityFilter(), Near("db", -100, hard: false), Node, int.MaxValue, Tasks: [A.Claim("db")]),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Room_AndReason_Tell(Case test)
    {
        var node = State(test);
        Assert.Equal(test.Room, test.Filter.Room(test.Group, node));
        if (test.Room == 0)
        {
            Assert.Equal(test.Reason, test.Filter.Reason(test.Group, node));
        }
    }

    /// <summary>What a filter says would content it does content it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Cure_WhereThereIsOne_MakesRoom(Case test)
    {
        var node = State(test);
        if (test.Room == 0 && test.Filter.Cure(test.Group, node) is { } cure)
        {
            Assert.True(test.Filter.Room(cure.Group, node.With(cure.Node)) > 0, cure.Text);
            Assert.InRange(cure.Size, double.Epsilon, 3);
        }
    }

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("127.0.0.1", "0.0.0.0", true)]
    [InlineData("127.0.0.1", "10.0.0.1", false)]
    [InlineData("::1", null, true)]
    [InlineData("::1", "::", true)]
    [InlineData("::1", "0:0:0:0:0:0:0:1", true)]
    [InlineData("::1", "0.0.0.0", false)]
    [InlineData("::", "0.0.0.0", false)]
    public void HostPort_OfAnotherAddress_IsAnother(string? one, string? other, bool conflicts) =>
        Assert.Equal(conflicts, new HostPort(80, Contracts.PortProtocol.Tcp, one).ConflictsWith(new HostPort(80, Contracts.PortProtocol.Tcp, other)));

    [Fact]
    public void HostPort_OfAnotherProtocol_IsAnother() =>
        Assert.False(new HostPort(53, Contracts.PortProtocol.Tcp).ConflictsWith(new HostPort(53, Contracts.PortProtocol.Udp)));

    [Fact]
    public void NodeFit_ARunningTask_MayStayWhereNewOnesMayNot()
    {
        var group = A.Group(cpus: 1) with { Constraints = [A.Constraint("node.labels.zone==a")] };
        var full = A.Cluster([Node with { Refuses = "is paused" }], ("n1", "1", A.Claim(cpus: 4))).Find("n1")!;
        Assert.Equal(["is paused", "lacks 1 CPUs"], NodeFit.Reasons(group, full));
        Assert.Empty(NodeFit.ReasonsToLeave(group, full));
        Assert.Equal(["lacks label zone=a"], NodeFit.ReasonsToLeave(group, full.With(Node with { Labels = new Dictionary<string, string>() })));
    }

    private static NodeState State(Case test)
    {
        var cluster = new Cluster([test.Node]);
        foreach (var (i, claim) in (test.Tasks ?? []).Index())
        {
            cluster.Add(test.Node.Id, $"t{i}", claim);
        }

        return cluster.Find(test.Node.Id)!;
    }

    private static TaskGroup Pids(long pids) => new() { Claim = new Claim { Demand = new Demand(0, 0, pids) } };

    private static TaskGroup Generic(string kind, long amount) => new() { Claim = new Claim { Demand = new Demand(0, 0) { Generic = Amounts(kind, amount) } } };

    private static TaskGroup Device(string id) => new() { Claim = new Claim { Demand = new Demand(0, 0) { DeviceIds = [id] } } };

    private static Dictionary<string, long> Amounts(string kind, long amount) => new() { [kind] = amount };

    private static TaskGroup Near(string service, int weight, bool hard = true) => NearOther(service, "app/" + service, weight, hard);

    private static TaskGroup NearOther(string service, string name, int weight, bool hard = true) =>
        A.Group() with { ServiceAffinities = [new ServiceAffinity(service, name, A.Attribute("node.id"), weight, hard)] };

    public sealed record Case(INodeFilter Filter, TaskGroup Group, NodeSnapshot Node, int Room, string? Reason = null, IReadOnlyList<Claim>? Tasks = null);
}
