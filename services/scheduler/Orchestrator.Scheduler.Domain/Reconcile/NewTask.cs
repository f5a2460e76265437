namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <param name="NodeId">The only node for it; null: any.</param>
public sealed record NewTask(string Id, int Slot, int Attempt, string? NodeId = null);
