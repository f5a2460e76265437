namespace Orchestrator.Scheduler.Domain.Placement.Filters;

/// <summary>A change that one rule would be content with.</summary>
/// <param name="Text">What to do.</param>
/// <param name="Size">How much it asks of people: 0 nothing, 1 much.</param>
/// <param name="Group">The group with the change made.</param>
/// <param name="Node">The node with the change made.</param>
public sealed record Cure(string Text, double Size, TaskGroup Group, NodeSnapshot Node);
