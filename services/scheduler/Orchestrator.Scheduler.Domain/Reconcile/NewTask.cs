namespace Orchestrator.Scheduler.Domain.Reconcile;

public sealed record NewTask(string Id, int Slot, int Attempt);
