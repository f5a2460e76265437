using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>Whether the services that one waits for have got so far. They order the first start only.</summary>
public static class Dependencies
{
    /// <param name="condition">How far it must have got.</param>
    /// <param name="replicas">How many replicas are wanted of it.</param>
    /// <param name="tasks">Its tasks.</param>
    public static bool IsMet(DependencyCondition condition, int replicas, IReadOnlyCollection<TaskSnapshot> tasks) => condition switch
    {
        DependencyCondition.ServiceStarted => tasks.Any(task => task.State >= TaskState.Running && task.RunningAt is not null),
        DependencyCondition.ServiceHealthy => tasks.Count(task => task is { IsLive: true, Ready: true }) >= Math.Max(1, replicas),
        _ => tasks.Where(task => task.State == TaskState.Completed).Select(task => task.Slot).Distinct().Count() >= Math.Max(1, replicas),
    };
}
