using System.Collections.Frozen;
using Orchestrator.Scheduler.Domain.Nodes;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Taints;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Placement;

/// <summary>Stored nodes as placement sees them.</summary>
internal static class NodeSnapshots
{
    /// <param name="node">As it is stored.</param>
    /// <param name="images">The names of its images, where they are known from before: they are many, and seldom others.</param>
    public static NodeSnapshot Of(NodeDocument node, IReadOnlySet<string>? images = null) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Refuses = NodeRefusal.Of(node.Availability, node.Liveness, node.RemovedBy is not null, node.QuarantinedUntil is not null, node.Pressure),
        Cpus = node.Capacity.Cpus,
        MemoryBytes = node.Capacity.MemoryBytes,
        Pids = node.Capacity.Pids,
        SystemCpus = node.Capacity.SystemCpus,
        SystemMemoryBytes = node.Capacity.SystemMemoryBytes,
        OvercommitCpus = node.Capacity.OvercommitCpus,
        OvercommitMemory = node.Capacity.OvercommitMemory,
        Generic = node.Capacity.Generic,
        DeviceIds = node.Capacity.DeviceIds.ToFrozenSet(StringComparer.Ordinal),
        Role = node.Role,
        Platform = new Platform(node.Platform.Os, node.Platform.Architecture),
        Labels = node.AllLabels(),
        EngineLabels = node.Engine.Labels,
        Pool = node.Pool ?? node.AgentPool ?? NodePool.Default,
        Taints = [.. node.AllTaints().Select(taint => new Taint(taint.Key, taint.Value, taint.Effect))],
        HeldPorts = node.HeldPorts,
        Images = images ?? node.Images.Select(ImageName.Full).ToFrozenSet(StringComparer.Ordinal),
    };
}
