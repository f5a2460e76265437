namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>How far the service is on its way to the revision.</summary>
public sealed record RolloutProgress(RolloutPhase Phase, string? Reason = null);
