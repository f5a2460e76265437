using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Acceptance;

public sealed class HeldPublishedPortsTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData(null, "0.0.0.0", true)]
    [InlineData(null, "127.0.0.1", true)]
    [InlineData(null, "::1", false)]
    [InlineData(null, "::", false)]
    [InlineData("0.0.0.0", "10.0.0.1", true)]
    [InlineData("10.0.0.1", null, true)]
    [InlineData("10.0.0.1", "0.0.0.0", true)]
    [InlineData("10.0.0.1", "127.0.0.1", false)]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "::", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "0:0:0:0:0:0:0:1", true)]
    [InlineData("::1", "::", true)]
    [InlineData("::1", "0.0.0.0", false)]
    [InlineData("::", "fe80::1", true)]
    [InlineData("::1", null, true)]
    public void AHeldPort_StandsInTheWay_WhereTheAddressesMeet(string? wanted, string? held, bool meets) =>
        Assert.Equal(meets, HeldPortConflicts.Of(new HostPort(80, PortProtocol.Tcp, wanted), [Held(address: held)]) is not null);

    [Fact]
    public void AHeldPort_OfAnotherProtocolOrNumber_IsInNobodysWay()
    {
        Assert.Null(HeldPortConflicts.Of(new HostPort(80, PortProtocol.Udp), [Held()]));
        Assert.Null(HeldPortConflicts.Of(new HostPort(81, PortProtocol.Tcp), [Held()]));
    }

    [Fact]
    public void AnIngressPort_HeldOnSomeNodes_IsRefused_AndAllHoldersAreNamed()
    {
        var faults = Faults([Web(80), Web(90, name: "api")], [Node("n1", Held()), Node("n2"), Node("n3", Held(holder: "caddy, process 9"), Held(90))]);
        Assert.Equal(
            [
                "shop/web: port 80/tcp is held on n1 by nginx, process 7, n3 by caddy, process 9; free it there, or publish another",
                "shop/api: port 90/tcp is held on n3 by nginx, process 7; free it there, or publish another",
            ],
            faults);
    }

    [Fact]
    public void APortOfModeHost_IsRefused_OnlyWhereNoNodeHasItFree()
    {
        Assert.Empty(Faults([Web(80, PortMode.Host)], [Node("n1", Held()), Node("n2")]));
        Assert.Equal(
            "shop/web: port 80/tcp of mode host is free on no node: it is held on n1 by nginx, process 7, n2 by nginx, process 7; free it there, or publish another",
            Assert.Single(Faults([Web(80, PortMode.Host)], [Node("n1", Held()), Node("n2", Held())])));
        Assert.Empty(Faults([Web(80, PortMode.Host)], []));
    }

    [Fact]
    public void WhatTheApplicationPublishesAlready_IsNotRefused()
    {
        IReadOnlyList<NodePorts> nodes = [Node("n1", Held())];
        Assert.Empty(HeldPublishedPorts.Faults("shop", [Web(80, image: "web:2")], [Web(80)], nodes));
        Assert.Single(HeldPublishedPorts.Faults("shop", [Web(80)], [Web(81)], nodes));
    }

    [Fact]
    public void APortOfOneAddress_ConcernsTheNodesThatHaveIt()
    {
        Assert.Empty(Faults([Web(80, hostIp: "10.0.0.5")], [Node("n1", Held(address: "0.0.0.0"))]));
        Assert.Single(Faults([Web(80, hostIp: "10.0.0.5")], [Node("n1", Held(address: "10.0.0.5"))]));
        Assert.Single(Faults([Web(80, hostIp: "10.0.0.5")], [Node("n1", Held(address: "0.0.0.0")) with { Address = "10.0.0.5" }]));
        Assert.Single(Faults([Web(80, hostIp: "127.0.0.1")], [Node("n1", Held(address: "0.0.0.0"))]));
    }

    [Fact]
    public void OfManyNodes_TenAreNamed() =>
        Assert.Contains("n09 by nginx, process 7 and 3 more nodes;", Assert.Single(Faults([Web(80)], [.. Enumerable.Range(0, 13).Select(i => Node($"n{i:00}", Held()))])), StringComparison.Ordinal);

    private static IReadOnlyList<string> Faults(IReadOnlyList<ServiceSpec> wanted, IReadOnlyList<NodePorts> nodes) => [.. HeldPublishedPorts.Faults("shop", wanted, [], nodes)];

    private static NodePorts Node(string name, params HeldPort[] held) => new(name, null, held);

    private static HeldPort Held(int port = 80, string? address = null, string holder = "nginx, process 7") => new() { Port = port, Address = address, Holder = holder };

    private static ServiceSpec Web(int published, PortMode mode = PortMode.Ingress, string? hostIp = null, string name = "web", string image = "web:1") => new()
    {
        Name = name,
        Container = new ContainerSpec { Image = image },
        Ports = [new PortSpec { Target = 8080, Published = published, Mode = mode, HostIp = hostIp }],
    };
}
