namespace Orchestrator.Messaging;

/// <summary>Where messages go that no consumer could take: the queue's name and <c>_error</c>; and <c>_skipped</c> when there was no consumer for their type.</summary>
public static class ErrorQueueNames
{
    private const string Ours = "orchestrator.";
    private static readonly string[] Suffixes = ["_error", "_skipped"];

    /// <summary>The queues of the services, those of nodes and of instances apart.</summary>
    public static IReadOnlyList<string> ServiceQueues { get; } =
    [
        "orchestrator.api.answers",
        "orchestrator.api.deploy-compose",
        "orchestrator.api.history",
        "orchestrator.api.join-node",
        "orchestrator.api.node-removed",
        "orchestrator.api.post-task-health",
        "orchestrator.health-monitor.tasks-reported",
        "orchestrator.scheduler.deploy-app",
        "orchestrator.scheduler.nodes",
        "orchestrator.scheduler.plan-app",
        "orchestrator.scheduler.remove-app",
        "orchestrator.scheduler.remove-node",
        "orchestrator.scheduler.rollback-service",
        "orchestrator.scheduler.rollouts",
        "orchestrator.scheduler.scale-service",
        "orchestrator.scheduler.service-changed",
        "orchestrator.scheduler.steer-rollout",
        "orchestrator.scheduler.tasks-reported",
        "orchestrator.scheduler.update-node",
    ];

    /// <summary>All error queues that may be there. A node's queue has none: what fails there is dropped and sent again.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ServiceQueues.SelectMany(queue => Suffixes.Select(suffix => queue + suffix))];

    /// <returns>The queue the messages came from; null when the name is not that of an error queue of ours.</returns>
    public static string? OriginOf(string errorQueue) =>
        errorQueue.StartsWith(Ours, StringComparison.Ordinal) && Suffixes.FirstOrDefault(suffix => errorQueue.EndsWith(suffix, StringComparison.Ordinal)) is { } found
            ? errorQueue[..^found.Length]
            : null;
}
