using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>A task of this node that serves published ports.</summary>
/// <param name="Ports">Ports of mode ingress.</param>
/// <param name="Address">The container's address; null until it runs.</param>
/// <param name="InCluster">The kernel deals connections to it.</param>
/// <param name="Takes">Ready and routed: takes new connections.</param>
/// <param name="Narrowed">A policy says who may come: clients of IPv6, whom its rules cannot name, may not.</param>
internal sealed record IngressEndpoint(string TaskId, string App, string Service, IReadOnlyList<PortSpec> Ports, string? Address, bool InCluster, bool Takes, bool Narrowed = false);
