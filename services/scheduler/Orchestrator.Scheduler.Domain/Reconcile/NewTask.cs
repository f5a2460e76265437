namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <param name="Id">Derived.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Attempt">1, 2, 3… within the slot.</param>
/// <param name="Revision">The wanted one, or the one that is kept.</param>
/// <param name="NodeId">The only node for it; null: any.</param>
public sealed record NewTask(string Id, int Slot, int Attempt, int Revision, string? NodeId = null);
