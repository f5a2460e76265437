namespace Orchestrator.Scheduler.Domain.Placement.Rebalance;

/// <summary>A running task to be replaced by one on another node.</summary>
/// <param name="Reason">For people.</param>
public sealed record Move(string TaskId, string Service, string FromNodeId, string ToNodeId, string Reason);
