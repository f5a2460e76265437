namespace Orchestrator.Scheduler.Domain.Placement.Preemption;

/// <summary>Tasks whose going makes room, by id.</summary>
internal sealed record Victims(IReadOnlyList<string> Tasks, VictimCost Cost)
{
    public static Victims Of(IReadOnlyList<KeyValuePair<string, Claim>> tasks) => new(
        [.. tasks.Select(task => task.Key).Order(StringComparer.Ordinal)],
        tasks.Count == 0 ? default : new(tasks.Max(task => task.Value.Priority), tasks.Count, tasks.Sum(task => task.Value.Priority)));
}
