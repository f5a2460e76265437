using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>A port of the node that one task has for itself.</summary>
/// <param name="HostIp">Null: on all addresses.</param>
public sealed record ReservedPort(int Port, PortProtocol Protocol, string? HostIp = null);
