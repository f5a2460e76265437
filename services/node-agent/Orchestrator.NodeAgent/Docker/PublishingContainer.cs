namespace Orchestrator.NodeAgent.Docker;

/// <summary>A container that has a port of the machine.</summary>
/// <param name="IsOurs">It is one of this node's tasks.</param>
internal sealed record PublishingContainer(string Name, bool IsOurs);
