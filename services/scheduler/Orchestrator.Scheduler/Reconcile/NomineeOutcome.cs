using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What became of tasks that wait for others to leave.</summary>
internal sealed record NomineeOutcome
{
    /// <summary>By task id: the others have left.</summary>
    public IReadOnlyDictionary<string, string> NodeOf { get; init; } = new Dictionary<string, string>();

    /// <summary>By task id: what led to it.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>By task id: still waiting.</summary>
    public IReadOnlyDictionary<string, TaskNomination> Held { get; init; } = new Dictionary<string, TaskNomination>();

    /// <summary>To be told to stop.</summary>
    public IReadOnlyList<TaskDocument> Victims { get; init; } = [];

    public IReadOnlyList<string> Reasons => [.. Held.Values.Select(nomination => nomination.Reason).Distinct()];

    public bool Waits => Held.Count > 0;

    public bool IsHeld(string taskId) => Held.ContainsKey(taskId) || NodeOf.ContainsKey(taskId);
}
