namespace Orchestrator.Scheduler.Domain.Placement;

/// <param name="Count">How many of its tasks want a node.</param>
public sealed record AskingGroup(TaskGroup Group, int Count);
