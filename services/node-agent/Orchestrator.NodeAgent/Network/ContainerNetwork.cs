using Orchestrator.NodeAgent.Docker;

namespace Orchestrator.NodeAgent.Network;

/// <summary>A container's place in the cluster's network.</summary>
/// <param name="Name">Of the engine's network.</param>
/// <param name="Bridge">The same network as the node sees it.</param>
/// <param name="Names">Where it asks for names; null: the engine's servers.</param>
internal sealed record ContainerNetwork(string Name, string Address, EngineNetwork Bridge, string? Names);
