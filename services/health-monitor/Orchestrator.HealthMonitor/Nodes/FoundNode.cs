using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>What a round made of a node.</summary>
/// <param name="Id">The node.</param>
/// <param name="Signal">What is known of it.</param>
/// <param name="KnownSince">When the verdict before was found.</param>
/// <param name="WasHeld">The brake has kept it from being declared lost so far.</param>
/// <param name="Liveness">What it is now.</param>
/// <param name="HeldUntil">It would be lost, and the brake keeps it from being declared so.</param>
internal sealed record FoundNode(string Id, NodeSignal Signal, DateTimeOffset? KnownSince, bool WasHeld, NodeLiveness Liveness, DateTimeOffset? HeldUntil = null);
