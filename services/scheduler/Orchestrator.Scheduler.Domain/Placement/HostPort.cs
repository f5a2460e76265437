using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A port of the node that one task has for itself.</summary>
/// <param name="HostIp">The node's address; null: all.</param>
public readonly record struct HostPort(int Port, PortProtocol Protocol, string? HostIp = null)
{
    public bool ConflictsWith(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && PublishedAddress.Meet(HostIp, other.HostIp);

    public override string ToString() => $"{PublishedAddress.Text(HostIp is "0.0.0.0" ? null : HostIp, Port)}/{(Protocol == PortProtocol.Udp ? "udp" : "tcp")}";
}
