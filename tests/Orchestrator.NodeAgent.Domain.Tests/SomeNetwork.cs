using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

/// <summary>Networks of a node: one to begin with, and any.</summary>
internal static class SomeNetwork
{
    private static readonly string[] Apps = ["shop", "bank"];
    private static readonly string[] Names = ["web", "db"];

    public static NodeNetwork Empty { get; } = new()
    {
        NodeId = "n1",
        Bridge = "br",
        Tunnel = "vx",
        Address = "10.77.0.11",
        TunnelPort = 8472,
        Range = Ipv4Range.Parse("10.128.0.0/12")!.Value,
        Vips = Ipv4Range.Parse("10.143.0.0/16")!.Value,
        Subnet = Ipv4Range.Parse("10.128.1.0/24")!.Value,
        PeerSubnets = [Ipv4Range.Parse("10.128.2.0/24")!.Value],
    };

    public static Gen<NodeNetwork> Any { get; } =
        from services in Services()
        from left in Gen.Bool
        from silent in Gen.Bool
        from peers in Gen.Int[2, 4]
        let local = services.SelectMany(service => service.Tasks.Where(task => task.NodeId == "n1").Select(task => (service, task))).ToList()
        select Empty with
        {
            Services = services,
            PeerSubnets = [.. Enumerable.Range(2, peers - 1).Select(i => Ipv4Range.Parse($"10.128.{i}.0/24")!.Value)],
            Containers = [.. local.Select(pair => new LocalContainer(pair.task.TaskId, pair.service.ServiceId, pair.service.App, pair.task.Address, pair.service.Network))],
            Left = left ? local.Take(1).Select(pair => pair.task.TaskId).ToHashSet() : new HashSet<string>(),
            Silent = silent ? new HashSet<string> { "n2" } : new HashSet<string>(),
        };

    public static ServiceEndpoints Service(string app, string name, string vip, params IReadOnlyList<(string Node, string Address, bool Takes)> tasks) => new()
    {
        ServiceId = app + "-" + name,
        App = app,
        Service = name,
        Version = 1,
        Vip = vip,
        Tasks = [.. tasks.Select((task, i) => new TaskEndpoint { TaskId = $"{app}-{name}-{i + 1}", Slot = i + 1, NodeId = task.Node, Address = task.Address, Takes = task.Takes })],
    };

    private static Gen<IReadOnlyList<ServiceEndpoints>> Services() =>
        Gen.Select(Gen.Int[0, 15], Spec().Array[4], Gen.Int[0, 3].Array[4], Gen.Bool.Array[12], Gen.Int[0, 2].Array[4]).Select((present, specs, counts, flags, ports) =>
            (IReadOnlyList<ServiceEndpoints>)[.. Enumerable.Range(0, 4).Where(i => (present >> i & 1) == 1).Select(i => Service(
                Apps[i / 2],
                Names[i % 2],
                $"10.143.0.{i + 1}",
                [.. Enumerable.Range(0, counts[i]).Select(t => (t % 2 == 0 ? "n1" : "n2", $"10.128.{1 + (t % 2)}.{10 + (i * 10) + t}", flags[(i * 3) + t]))]) with
            {
                Network = specs[i],
                Vip = specs[i].EndpointMode == EndpointMode.Vip ? $"10.143.0.{i + 1}" : null,
                Ports = [.. Enumerable.Range(0, ports[i]).Select(p => new PortSpec { Target = 80 + p, Published = 8000 + (i * 10) + p, Protocol = (PortProtocol)(p % 2), HostIp = p == 1 ? "10.0.0.1" : null })],
            })]);

    private static Gen<NetworkSpec> Spec() =>
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[0, 8], Gen.Bool).Select((networks, dnsrr, localFirst, affinity, policy, local) => new NetworkSpec
        {
            Networks =
            [
                .. (networks & 1) == 1 ? [new NetworkAttachment { Name = "default" }] : Array.Empty<NetworkAttachment>(),
                .. networks > 1 ? [new NetworkAttachment { Name = "plaza", FullName = "plaza", Internal = networks == 2 }] : Array.Empty<NetworkAttachment>(),
            ],
            EndpointMode = dnsrr ? EndpointMode.Dnsrr : EndpointMode.Vip,
            LocalFirst = localFirst,
            ClientAffinity = affinity,
            ExternalTrafficPolicy = local ? ExternalTrafficPolicy.Local : ExternalTrafficPolicy.Cluster,
            Policy = policy switch
            {
                0 or 1 or 2 => null,
                3 => new NetworkPolicySpec { Ingress = [] },
                4 => new NetworkPolicySpec { Ingress = [new NetworkPolicyRule { Service = "web", Ports = ["80", "53/udp"] }], Egress = [new NetworkPolicyRule { App = "bank" }] },
                5 => new NetworkPolicySpec { Egress = [new NetworkPolicyRule { Cidr = "192.0.2.0/24" }, new NetworkPolicyRule { Service = "db", App = "bank" }] },
                _ => new NetworkPolicySpec { Ingress = [new NetworkPolicyRule { Ports = ["8000-8010"] }] },
            },
        });
}
