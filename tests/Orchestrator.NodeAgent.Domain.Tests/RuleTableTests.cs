using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class RuleTableTests
{
    private static readonly ServiceEndpoints Web = SomeNetwork.Service("shop", "web", "10.143.0.1", ("n1", "10.128.1.2", true), ("n2", "10.128.2.2", true), ("n2", "10.128.2.3", false));

    [Fact]
    public void ApplyingDifferencesOneAfterAnother_EqualsApplyingTheWhole() =>
        SomeNetwork.Any.Array[2, 6].Sample(
            networks =>
            {
                var rules = new RuleTable();
                var table = new KernelTable();
                foreach (var network in networks)
                {
                    table.Apply(rules.Follow(network));
                    Assert.Equal(KernelTable.Of(network).Text(), table.Text());
                }
            },
            iter: 300);

    [Fact]
    public void ChangesOfOneThing_OneAfterAnother_EqualApplyingTheWhole() =>
        Gen.Select(SomeNetwork.Any, SomeNetwork.Any, Gen.Int[0, 4].Array[1, 8]).Sample(
            (from, to, steps) =>
            {
                var rules = new RuleTable();
                var table = new KernelTable();
                var network = from;
                table.Apply(rules.Follow(network));
                foreach (var step in steps)
                {
                    // All else stays the same object, as it does in a node's memory.
                    network = step switch
                    {
                        0 => network with { Services = [.. network.Services.Skip(1), .. to.Services.Take(1).Where(service => network.Services.Skip(1).All(other => other.ServiceId != service.ServiceId))] },
                        1 => network with { Containers = [.. network.Containers.Skip(1)] },
                        2 => network with { Left = to.Left },
                        3 => network with { Silent = to.Silent },
                        _ => network with { PeerSubnets = to.PeerSubnets },
                    };
                    table.Apply(rules.Follow(network));
                    Assert.Equal(KernelTable.Of(network).Text(), table.Text());
                }
            },
            iter: 300);

    [Fact]
    public void WithoutAChange_NothingIsDone() =>
        SomeNetwork.Any.Sample(network => Assert.Empty(RuleTable.Of(network).Follow(network with { NodeId = network.NodeId })));

    [Fact]
    public void WhatIsToldAgainInOtherObjects_ChangesNothing() =>
        SomeNetwork.Any.Sample(network => Assert.Empty(RuleTable.Of(network).Follow(network with
        {
            Services = [.. network.Services.Select(service => service with { Version = service.Version + 1, Tasks = [.. service.Tasks] })],
            Containers = [.. network.Containers.Select(container => container with { Network = container.Network with { } })],
        })));

    [Fact]
    public void AServiceThatChanges_TouchesNoChainOfAnother() =>
        SomeNetwork.Any.Sample(network =>
        {
            var before = network with { Services = [.. network.Services, Web with { ServiceId = "x", App = "other", Vip = "10.143.9.9" }] };
            var after = network with { Services = [.. network.Services, Web with { ServiceId = "x", App = "other", Vip = "10.143.9.9", Tasks = [Web.Tasks[0]] }] };
            var touched = RuleTable.Of(before).Follow(after).Select(Chain).OfType<string>().Distinct();
            Assert.All(touched, chain => Assert.Equal("vip_x", chain));
        });

    [Fact]
    public void ATaskThatComesInPlaceOfAnother_ChangesElementsAlone()
    {
        var after = Web with { Version = 2, Tasks = [.. Web.Tasks.Take(1), Web.Tasks[1] with { Address = "10.128.2.9" }, Web.Tasks[2]] };
        var change = RuleTable.Of(SomeNetwork.Empty with { Services = [Web] }).Follow(SomeNetwork.Empty with { Services = [after] });
        Assert.Equal(
            "delete element ip t members { 10.128.2.2 }\nadd element ip t members { 10.128.2.9 }\n"
            + "delete element ip t targets_shop-web { 1 }\nadd element ip t targets_shop-web { 1 : 10.128.2.9 }\n",
            RuleText.Change("t", change));
    }

    [Fact]
    public void SetsThatNoRuleNames_AreNotInTheKernel()
    {
        var sets = RuleTable.Of(SomeNetwork.Empty with { Services = [Web] }).Sets.Keys;
        Assert.DoesNotContain(sets, set => set.StartsWith("net_", StringComparison.Ordinal) || set.StartsWith("service_", StringComparison.Ordinal));
    }

    [Fact]
    public void ANetworkThatAContainerOfTheNodeJoins_HasItsMembersFromThenOn()
    {
        var rules = RuleTable.Of(SomeNetwork.Empty with { Services = [Web] });
        var change = rules.Follow(SomeNetwork.Empty with { Services = [Web], Containers = [new LocalContainer("new", "shop-db", "shop", "10.128.1.9", new NetworkSpec())] });
        var added = Assert.Single(change.OfType<RuleOperation.AddSet>());
        Assert.Equal("net_shop_default", added.Name);
        Assert.Equal(["10.128.1.2", "10.128.1.9", "10.128.2.2", "10.128.2.3"], added.Set.Elements.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void APortThatTwoServicesHave_LeadsToTheSameOne_InWhateverOrderTheyCame_AndToTheOtherAfterIt()
    {
        var shop = Web with { Ports = [new PortSpec { Target = 80, Published = 8080 }] };
        var bank = SomeNetwork.Service("bank", "web", "10.143.0.2", ("n2", "10.128.2.9", true)) with { Ports = shop.Ports };
        string After(params IReadOnlyList<IReadOnlyList<ServiceEndpoints>> told)
        {
            var (rules, table) = (new RuleTable(), new KernelTable());
            foreach (var services in told)
            {
                table.Apply(rules.Follow(SomeNetwork.Empty with { Services = services }));
                Assert.Equal(KernelTable.Of(SomeNetwork.Empty with { Services = services }).Text(), table.Text());
            }

            return rules.Sets[RuleNames.Ports].Elements["tcp . 8080"];
        }

        Assert.Equal("jump port_bank-web_tcp_8080_80", After([shop], [shop, bank]));
        Assert.Equal("jump port_bank-web_tcp_8080_80", After([bank], [shop, bank]));
        Assert.Equal("jump port_shop-web_tcp_8080_80", After([bank], [shop, bank], [shop]));
        Assert.Equal("jump port_bank-web_tcp_8080_80", After([shop], [shop, bank], [bank]));
    }

    [Fact]
    public void OnlyReadyTasksAreDealtTo()
    {
        var table = RuleTable.Of(SomeNetwork.Empty with { Services = [Web] });
        Assert.Equal(["dnat to numgen inc mod 2 map @targets_shop-web"], table.Chains["vip_shop-web"].Rules);
        Assert.Equal(["0 10.128.1.2", "1 10.128.2.2"], table.Sets["targets_shop-web"].Elements.Select(target => $"{target.Key} {target.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ATaskThatHasLeftItsNode_IsDealtToNoMoreHere() =>
        Assert.Equal(["dnat to 10.128.2.2"], Chain(SomeNetwork.Empty with { Services = [Web], Left = new HashSet<string> { "shop-web-1" } }, "vip_shop-web"));

    [Fact]
    public void WithLocalFirst_TasksOfThisNodeAreTaken_AndOthersWhereThereIsNone()
    {
        var first = Web with { Network = new NetworkSpec { LocalFirst = true } };
        Assert.Equal(["dnat to 10.128.1.2"], Chain(SomeNetwork.Empty with { Services = [first] }, "vip_shop-web"));
        Assert.Equal(["10.128.1.2", "10.128.2.2"], RuleTable.Of(SomeNetwork.Empty with { NodeId = "n3", Services = [first] }).Sets["targets_shop-web"].Elements.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WithTheLocalPolicy_APublishedPortOfANodeWithoutATask_LeadsNowhere()
    {
        var local = Web with { Network = new NetworkSpec { ExternalTrafficPolicy = ExternalTrafficPolicy.Local }, Ports = [new PortSpec { Target = 80, Published = 8080 }] };
        Assert.Equal(["meta l4proto tcp dnat to 10.128.1.2:80"], Chain(SomeNetwork.Empty with { Services = [local] }, "port_shop-web_tcp_8080_80"));
        Assert.Empty(Chain(SomeNetwork.Empty with { NodeId = "n3", Services = [local] }, "port_shop-web_tcp_8080_80"));
    }

    [Fact]
    public void APortOfAnAddressOfIpv6_IsNotTheKernels()
    {
        var rules = RuleTable.Of(SomeNetwork.Empty with { Services = [Web with { Ports = [new PortSpec { Target = 80, Published = 8080, HostIp = "::1" }, new PortSpec { Target = 80, Published = 8081, HostIp = "::" }] }] });
        Assert.Empty(rules.Sets[RuleNames.AddressPorts].Elements);
        Assert.Empty(rules.Sets[RuleNames.Ports].Elements);
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
        var strict = RuleTable.Of(SomeNetwork.Empty with
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
        var text = RuleText.Whole("t", new RuleTable().Follow(SomeNetwork.Empty with { Services = [Web] }));
        Assert.StartsWith("add table ip t\ndelete table ip t\nadd table ip t\n", text, StringComparison.Ordinal);
        Assert.Contains("add element ip t vips { 10.143.0.1 : jump vip_shop-web }\n", text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Chain(NodeNetwork network, string name) => RuleTable.Of(network).Chains[name].Rules;

    private static string? Chain(RuleOperation operation) => operation switch
    {
        RuleOperation.AddChain(var name, _) => name,
        RuleOperation.FlushChain(var name) => name,
        RuleOperation.AddRules(var name, _) => name,
        RuleOperation.DeleteChain(var name) => name,
        _ => null,
    };
}
