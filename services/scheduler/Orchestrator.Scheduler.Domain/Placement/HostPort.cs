using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>A port of the node that one task has for itself.</summary>
/// <param name="HostIp">The node's address; null: all.</param>
public readonly record struct HostPort(int Port, PortProtocol Protocol, string? HostIp = null)
{
    public bool ConflictsWith(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (IsEverywhere || other.IsEverywhere || HostIp == other.HostIp);

    private bool IsEverywhere => HostIp is null or "" or "0.0.0.0" or "::";

    public override string ToString() => $"{(IsEverywhere ? "" : HostIp + ":")}{Port}/{(Protocol == PortProtocol.Udp ? "udp" : "tcp")}";
}
