using Orchestrator.Api.Networks;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class ConnectionTraceTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly NetworkSpec Plaza = new() { Networks = [new NetworkAttachment { Name = "plaza", FullName = "plaza" }] };

    private static readonly NodeDocument Node = new()
    {
        Id = "n1", Name = "node-1", Capacity = new NodeCapacity { Cpus = 1, MemoryBytes = 1 }, Platform = new NodePlatform { Os = "linux", Architecture = "x86_64" },
        Engine = new EngineInfo { Version = "29", ApiVersion = "1.52" }, Network = new NodeNetworkDocument { Subnet = "10.128.0.0/24" }, JoinedAt = Now, UpdatedAt = Now,
    };

    [Fact]
    public void WithinAnApplication_NothingStopsIt() => Assert.Equal(("container", true), Last(Of("shop", "web"), Of("shop", "db"), 80));

    [Fact]
    public void WithoutACommonNetwork_ItStopsThere_AndPassesInOne()
    {
        Assert.Equal(("networks", false), Last(Of("shop", "web"), Of("bank", "db"), 80));
        Assert.Equal(("container", true), Last(Of("shop", "web", Plaza), Of("bank", "db", Plaza), 80));
    }

    [Fact]
    public void AtAPolicy_ItStops_UnlessTheRuleNamesItWithItsPort()
    {
        var db = Of("shop", "db", new NetworkSpec { Policy = new NetworkPolicySpec { Ingress = [new NetworkPolicyRule { Service = "web", Ports = ["5432"] }] } });
        Assert.Equal(("container", true), Last(Of("shop", "web"), db, 5432));
        Assert.Equal(("ingress", false), Last(Of("shop", "web"), db, 80));
        Assert.Equal(("ingress", false), Last(Of("shop", "job"), db, 5432));
        Assert.Equal(("egress", false), Last(Of("shop", "web", new NetworkSpec { Policy = new NetworkPolicySpec { Egress = [] } }), db, 5432));
    }

    [Fact]
    public void WithoutAReadyTask_ItStopsAtTheTasks()
    {
        var db = Of("shop", "db");
        Assert.Equal(("tasks", false), Last(Of("shop", "web"), db with { Tasks = [db.Tasks[0] with { Ready = false }] }, 80));
        Assert.Equal(("source", false), Last(db with { Tasks = [] }, db, 80));
    }

    [Fact]
    public void OnANodeOutsideOfTheNetwork_ItStops_WithTheNodesReason()
    {
        var outside = new Dictionary<string, NodeDocument> { ["n1"] = Node with { Network = new NodeNetworkDocument { Problems = ["nft is not installed"] } } };
        var steps = ConnectionTrace.Of(Of("shop", "web"), Of("shop", "db"), 80, outside);
        Assert.Equal(("source", false), (steps[^1].Step, steps[^1].Passes));
        Assert.Contains("node-1: nft is not installed", steps[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void FromOutside_ThePortMustBePublished()
    {
        var web = Of("shop", "web");
        Assert.Equal(("port", false), Last(null, web, 80));
        var published = web with { Spec = web.Spec with { Ports = [new PortSpec { Target = 8080, Published = 80 }] } };
        Assert.Equal(("container", true), Last(null, published, 80));
    }

    private static (string Step, bool Passes) Last(TracedService? from, TracedService to, int port)
    {
        var last = ConnectionTrace.Of(from, to, port, new Dictionary<string, NodeDocument> { ["n1"] = Node })[^1];
        return (last.Step, last.Passes);
    }

    private static TracedService Of(string app, string name, NetworkSpec? network = null) => new(
        new ServiceDocument { Id = app + name, App = app, Name = name, Revision = 1, Replicas = 1, Network = new ServiceNetworkDocument { Vip = "10.143.0.1", Version = 1, Told = "" }, CreatedAt = Now, UpdatedAt = Now },
        new ServiceSpec { Name = name, Network = network },
        [new TaskDocument
        {
            Id = "t", App = app, Service = name, ServiceId = app + name, Slot = 1, Revision = 1, TemplateHash = "h", Attempt = 1, Image = "i", NodeId = "n1", Address = "10.128.0.2",
            State = TaskState.Running, Ready = true, CreatedAt = Now, UpdatedAt = Now,
        }]);
}
