using System.Net;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>
/// Ports that are to be published and that programs of the nodes have. What the application publishes already is not looked at: a program
/// that came later must not keep people from changing what runs.
/// </summary>
public static class HeldPublishedPorts
{
    private const int NodesNamed = 10;

    /// <param name="app">The application that is deployed.</param>
    /// <param name="wanted">Its services after the deploy.</param>
    /// <param name="current">Those it has now.</param>
    /// <param name="nodes">Those that answer on published ports.</param>
    public static IEnumerable<string> Faults(string app, IEnumerable<ServiceSpec> wanted, IEnumerable<ServiceSpec> current, IReadOnlyList<NodePorts> nodes)
    {
        var published = current.SelectMany(service => service.Ports).Select(Key).ToHashSet();
        return from service in wanted
               from port in service.Ports
               where port.Published is not null && !published.Contains(Key(port))
               let holders = Holders(port, nodes)
               where holders.Count > 0 && (port.Mode == PortMode.Ingress || holders.Count == nodes.Count)
               select $"{app}/{service.Name}: port {PortOf(port)} {(port.Mode == PortMode.Ingress ? "" : "of mode host is free on no node: it ")}is held on {Named(holders)}; free it there, or publish another";
    }

    private static List<(string Node, string Holder)> Holders(PortSpec port, IReadOnlyList<NodePorts> nodes) =>
    [
        .. from node in nodes
           let held = HeldPortConflicts.Of(PortOf(port), node.Held)
           where held is not null && (port.Mode == PortMode.Host || IsOf(node, port.HostIp, held))
           select (node.Name, held.Holder),
    ];

    /// <summary>A port of one address is served by the nodes that have the address; of the others, whoever has it there is in nobody's way.</summary>
    private static bool IsOf(NodePorts node, string? hostIp, HeldPort held) =>
        !IPAddress.TryParse(hostIp, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || IPAddress.IsLoopback(address)
        || hostIp == node.Address || hostIp == held.Address;

    private static string Named(List<(string Node, string Holder)> holders) =>
        string.Join(", ", holders.Take(NodesNamed).Select(holder => $"{holder.Node} by {holder.Holder}"))
        + (holders.Count > NodesNamed ? $" and {holders.Count - NodesNamed} more nodes" : "");

    private static HostPort PortOf(PortSpec port) => new(port.Published!.Value, port.Protocol, port.HostIp);

    private static (int? Published, PortProtocol Protocol, PortMode Mode, string? HostIp) Key(PortSpec port) => (port.Published, port.Protocol, port.Mode, port.HostIp);
}
