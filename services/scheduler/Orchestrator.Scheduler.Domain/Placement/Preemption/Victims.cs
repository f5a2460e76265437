namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>Tasks whose going makes room. Fewer and less important ones come first.</summary>
/// <param name="HighestPriority">−1 without any.</param>
internal sealed record Victims(IReadOnlyList<string> Tasks, int HighestPriority, int PrioritySum) : IComparable<Victims>
{
    public int CompareTo(Victims? other) =>
        (HighestPriority, Tasks.Count, PrioritySum).CompareTo((other!.HighestPriority, other.Tasks.Count, other.PrioritySum));

    public static Victims Of(IReadOnlyList<KeyValuePair<string, Claim>> tasks) => new(
        [.. tasks.Select(task => task.Key).Order(StringComparer.Ordinal)],
        tasks.Count == 0 ? -1 : tasks.Max(task => task.Value.Priority),
        tasks.Sum(task => task.Value.Priority));
}
