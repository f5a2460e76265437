using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A container of this node, known here before the cluster has heard of it.</summary>
public sealed record LocalContainer(string TaskId, string ServiceId, string App, string Address, NetworkSpec Network);
