using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Reports;

/// <summary>What reports made of stored tasks.</summary>
/// <param name="Changes">Each that was stored anew, as it was and as it is.</param>
/// <param name="Known">All that are stored of those reported, as they were; by id.</param>
internal sealed record ReportedTasks(IReadOnlyList<(TaskDocument Before, TaskDocument After)> Changes, IReadOnlyDictionary<string, TaskDocument> Known)
{
    public ReportedTasks Then(ReportedTasks later) => new([.. Changes, .. later.Changes], later.Known);

    /// <summary>Those that just ended. Whoever stored it may have been stopped before the rest was done: the same report comes again then.</summary>
    public IReadOnlyList<TaskDocument> Over(IReadOnlySet<(string NodeId, string TaskId)> reported) =>
        [.. Ended.Concat(Known.Values.Where(task => task is { NodeId: { } node, DirtySince: not null } && task.State.IsFinal() && reported.Contains((node, task.Id)))).DistinctBy(task => task.Id)];

    public IEnumerable<TaskDocument> Ended => Changes.Where(change => change.After.State.IsFinal() && !change.Before.State.IsFinal()).Select(change => change.After);

    public IEnumerable<TaskDocument> VisiblyChanged => Changes.Where(change => IsVisible(change.Before, change.After)).Select(change => change.After);

    /// <summary>The first that is heard of one that runs already is news too: it was stored as it was found.</summary>
    private static bool IsVisible(TaskDocument before, TaskDocument after) =>
        before is { AgentEpoch: 0, State: TaskState.Running }
        || before.State != after.State || before.Ready != after.Ready || before.Health != after.Health || before.NodeLost != after.NodeLost || before.Message != after.Message;
}
