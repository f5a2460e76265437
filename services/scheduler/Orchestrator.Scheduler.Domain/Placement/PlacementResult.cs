namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>Where the tasks of one group go.</summary>
/// <param name="NodeIds">One node for each task that found one.</param>
/// <param name="Reasons">Why the others found none: one line for each node; empty when all were placed.</param>
public sealed record PlacementResult(IReadOnlyList<string> NodeIds, IReadOnlyList<string> Reasons);
