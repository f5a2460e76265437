namespace Orchestrator.Scheduler.Domain.Reconcile;

public sealed record StopTask(string Id, string Reason);
