using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Events;

/// <summary>Makes events from what was saved.</summary>
internal static class EventHead
{
    public static string NewId() => MassTransit.NewId.NextGuid().ToString("N");

    public static TaskChange ChangeOf(TaskDocument task) => new()
    {
        TaskId = task.Id,
        App = task.App,
        Service = task.Service,
        Slot = task.Slot,
        Revision = task.Revision,
        NodeId = task.NodeId,
        State = task.State,
        Desired = task.Desired,
        Ready = task.Ready,
        NodeLost = task.NodeLost,
        Health = task.Health,
        Message = task.Message,
        ExitCode = task.ExitCode,
        Version = task.Version,
    };

    /// <summary>One event per service, so that a subscriber can filter.</summary>
    public static IReadOnlyList<TasksChanged> TasksChanged(IEnumerable<TaskDocument> tasks, DateTimeOffset now) =>
    [
        .. tasks.GroupBy(task => (task.App, task.Service)).Select(group => new TasksChanged
        {
            EventId = NewId(),
            OccurredAt = now,
            App = group.Key.App,
            Service = group.Key.Service,
            Version = group.Max(task => task.Version),
            Tasks = [.. group.Select(ChangeOf)],
        }),
    ];
}
