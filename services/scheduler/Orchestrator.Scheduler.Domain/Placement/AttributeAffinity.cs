using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Draws tasks to nodes, or away from them.</summary>
/// <param name="Weight">−100…100, not 0.</param>
public sealed record AttributeAffinity(Constraint Constraint, int Weight);
