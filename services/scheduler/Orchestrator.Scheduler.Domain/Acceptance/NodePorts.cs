using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Acceptance;

/// <summary>A node that answers on published ports, with those that its programs have.</summary>
/// <param name="Address">Where other nodes reach it; null: not known.</param>
public sealed record NodePorts(string Name, string? Address, IReadOnlyList<HeldPort> Held);
