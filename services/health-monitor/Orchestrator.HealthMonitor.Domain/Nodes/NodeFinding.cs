using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Domain.Nodes;

/// <summary>What silence makes of a node, before the brake.</summary>
/// <param name="Known">The verdict before.</param>
/// <param name="KnownFor">How long it stands.</param>
/// <param name="Found">What it would be now.</param>
/// <param name="Confirmed">People say that it is gone.</param>
public readonly record struct NodeFinding(NodeLiveness Known, TimeSpan KnownFor, NodeLiveness Found, bool Confirmed);
