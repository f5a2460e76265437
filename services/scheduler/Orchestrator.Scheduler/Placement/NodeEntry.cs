using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.Scheduler.Domain.Placement.Taints;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>What this scheduler knows of a node beside what placement sees.</summary>
internal sealed record NodeEntry(
    long Version, NodeLiveness Liveness, NodeAvailability Availability, bool Removed, bool Dirty, IReadOnlyList<(Taint Taint, DateTimeOffset Since)> Taints, IReadOnlyList<string> Images,
    NodeAddress? Address, NodePorts Ports, DateTimeOffset? DrainUntil, DateTimeOffset? QuarantinedUntil)
{
    public NodeEntry(NodeDocument node)
        : this(
            node.Version, node.Liveness, node.Availability, node.RemovedBy is not null, node.DirtySince is not null,
            [.. node.AllTaints().Select(taint => (new Taint(taint.Key, taint.Value, taint.Effect), taint.Since ?? node.JoinedAt))],
            node.Images,
            node is { Address: { } address, Network: { Subnet: { } subnet, Problems.Count: 0 } }
                ? new NodeAddress { NodeId = node.Id, Name = node.Name, Address = address, Subnet = subnet, PublicKey = node.Network.PublicKey }
                : null,
            new NodePorts(node.Name, node.Address, node.HeldPorts),
            node.DrainUntil,
            node.QuarantinedUntil)
    {
    }
}
