using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class RuleSetTests
{
    private static readonly ServiceEndpoints Web = SomeNetwork.Service("shop", "web", "10.143.0.1", ("n1", "10.128.1.2", true), ("n2", "10.128.2.2", true), ("n2", "10.128.2.3", false));

    [Fact]
    public void ApplyingTheDifference_EqualsApplyingTheWhole() =>
        Gen.Select(SomeNetwork.Any, SomeNetwork.Any).Sample(
            (before, after) =>
            {
                var table = KernelTable.Of(RuleSetBuilder.Build(before));
                table.Apply(RuleSetChange.Between(RuleSetBuilder.Build(before), RuleSetBuilder.Build(after)));
                Assert.Equal(KernelTable.Of(RuleSetBuilder.Build(after)).Text(), table.Text());
            },
            iter: 500);

    [Fact]
    public void WithoutAChange_NothingIsDone() =>
        SomeNetwork.Any.Sample(network => Assert.Empty(RuleSetChange.Between(RuleSetBuilder.Build(network), RuleSetBuilder.Build(network))));

    [Fact]
    public void AServiceThatChanges_TouchesNoChainOfAnother() =>
        SomeNetwork.Any.Sample(network =>
        {
            var before = network with { Services = [.. network.Services, Web with { ServiceId = "x", App = "other", Vip = "10.143.9.9" }] };
            var after = network with { Services = [.. network.Services, Web with { ServiceId = "x", App = "other", Vip = "10.143.9.9", Tasks = [Web.Tasks[0]] }] };
            var touched = RuleSetChange.Between(RuleSetBuilder.Build(before), RuleSetBuilder.Build(after)).Select(Chain).OfType<string>().Distinct();
            Assert.All(touched, chain => Assert.Equal("vip_x", chain));
        });

    [Fact]
    public void OnlyReadyTasksAreDealtTo() =>
        Assert.Equal(["dnat to numgen inc mod 2 map { 0 : 10.128.1.2, 1 : 10.128.2.2 }"], Chain(SomeNetwork.Empty with { Services = [Web] }, "vip_shop-web"));

    [Fact]
    public void ATaskThatHasLeftItsNode_IsDealtToNoMoreHere() =>
        Assert.Equal(["dnat to 10.128.2.2"], Chain(SomeNetwork.Empty with { Services = [Web], Left = new HashSet<string> { "shop-web-1" } }, "vip_shop-web"));

    [Fact]
    public void WithLocalFirst_TasksOfThisNodeAreTaken_AndOthersWhereThereIsNone()
    {
        var first = Web with { Network = new NetworkSpec { LocalFirst = true } };
        Assert.Equal(["dnat to 10.128.1.2"], Chain(SomeNetwork.Empty with { Services = [first] }, "vip_shop-web"));
        Assert.Contains("10.128.2.2", Chain(SomeNetwork.Empty with { NodeId = "n3", Services = [first] }, "vip_shop-web").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithTheLocalPolicy_APublishedPortOfANodeWithoutATask_LeadsNowhere()
    {
        var local = Web with { Network = new NetworkSpec { ExternalTrafficPolicy = ExternalTrafficPolicy.Local }, Ports = [new PortSpec { Target = 80, Published = 8080 }] };
        Assert.Equal(["meta l4proto tcp dnat to 10.128.1.2:80"], Chain(SomeNetwork.Empty with { Services = [local] }, "port_shop-web_tcp_8080_80"));
        Assert.Empty(Chain(SomeNetwork.Empty with { NodeId = "n3", Services = [local] }, "port_shop-web_tcp_8080_80"));
    }

    [Fact]
    public void OnlyCommonNetworksAreReached()
    {
        var network = SomeNetwork.Empty with
        {
            Services = [Web],
            Containers = [new LocalContainer("shop-web-1", "shop-web", "shop", "10.128.1.2", new NetworkSpec { Networks = [new NetworkAttachment { Name = "front" }, new NetworkAttachment { Name = "plaza", FullName = "plaza" }] })],
        };
        var chain = Chain(network with { Services = [Web with { Network = network.Containers[0].Network }] }, "from_shop-web");
        Assert.Equal(["ip daddr @nodes accept", "ip daddr != 10.128.0.0/12 accept", "ip daddr @net_shop_front goto arriving", "ip daddr @net_plaza goto arriving", "goto stranger"], chain);
    }

    [Fact]
    public void AnIngressPolicy_AllowsWhatItNames_AndRefusesTheRest()
    {
        var db = SomeNetwork.Service("shop", "db", "10.143.0.2", ("n1", "10.128.1.9", true)) with
        {
            Network = new NetworkSpec { Policy = new NetworkPolicySpec { Ingress = [new NetworkPolicyRule { Service = "web", Ports = ["5432"] }, new NetworkPolicyRule { Cidr = "192.0.2.0/24" }] } },
        };
        var network = SomeNetwork.Empty with { Services = [Web, db], Containers = [new LocalContainer("shop-db-1", "shop-db", "shop", "10.128.1.9", db.Network)] };
        Assert.Equal(["ip saddr @service_shop-web tcp dport { 5432 } accept", "ip saddr 192.0.2.0/24 accept", "goto refuse"], Chain(network, "to_shop-db"));
    }

    [Fact]
    public void WhoseEgressIsNarrowed_IsHeldToIt_ThroughPublishedPortsToo()
    {
        LocalContainer Container(string task, string address, NetworkSpec network) => new(task, task, "shop", address, network);
        var strict = RuleSetBuilder.Build(SomeNetwork.Empty with
        {
            Containers =
            [
                Container("free", "10.128.1.2", new NetworkSpec()),
                Container("narrow", "10.128.1.3", new NetworkSpec { Policy = new NetworkPolicySpec { Egress = [] } }),
                Container("inside", "10.128.1.4", new NetworkSpec { Networks = [new NetworkAttachment { Name = "in", Internal = true }] }),
            ],
        }).Sets[RuleNames.Strict].Elements;
        Assert.Equal(["10.128.1.3 : goto from_narrow", "10.128.1.4 : goto from_inside"], strict.Select(element => $"{element.Key} : {element.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void TheWhole_IsOneTransactionThatBeginsWithAnEmptyTable()
    {
        var text = RuleText.Whole("t", RuleSetBuilder.Build(SomeNetwork.Empty with { Services = [Web] }));
        Assert.StartsWith("add table ip t\ndelete table ip t\nadd table ip t\n", text, StringComparison.Ordinal);
        Assert.Contains("add element ip t vips { 10.143.0.1 : jump vip_shop-web }\n", text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Chain(NodeNetwork network, string name) => RuleSetBuilder.Build(network).Chains[name].Rules;

    private static string? Chain(RuleOperation operation) => operation switch
    {
        RuleOperation.AddChain(var name, _) => name,
        RuleOperation.FlushChain(var name) => name,
        RuleOperation.AddRules(var name, _) => name,
        RuleOperation.DeleteChain(var name) => name,
        _ => null,
    };
}
