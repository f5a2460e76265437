namespace Orchestrator.Scheduler.Domain.Placement.Explain;

/// <summary>A change with which one more task would find a node; it has been tried.</summary>
/// <param name="Text">What to do.</param>
/// <param name="Group">The group with the change made.</param>
/// <param name="Node">The changed or new node with the change made; null: the group alone changes.</param>
public sealed record LeastChange(string Text, TaskGroup Group, NodeSnapshot? Node);
