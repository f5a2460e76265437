using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>Whether a container that no stored task knows belongs to a known service: after a restart on an older state many do.</summary>
public static class OrphanRules
{
    private const int MostAttempts = 1_000;

    /// <param name="taskId">As its label says.</param>
    /// <param name="container">What its labels say.</param>
    /// <param name="nodeId">Where it runs.</param>
    /// <param name="service">The service of that name; null: there is none.</param>
    /// <param name="isKnownRevision">Its revision is stored.</param>
    /// <param name="tasks">All tasks of the service.</param>
    /// <returns>The attempt that it is, or why it does not fit.</returns>
    public static (int Attempt, string? Reason) Fit(
        string taskId, ContainerIdentity container, string nodeId, ServiceSnapshot? service, bool isKnownRevision, IEnumerable<(TaskSnapshot Task, string? NodeId)> tasks)
    {
        if (service is null or { Removed: true })
        {
            return (0, $"there is no service {container.App}/{container.Service}");
        }

        if (AttemptOf(taskId, container, nodeId, service.Id) is not { } attempt)
        {
            return (0, $"it is of another service {container.App}/{container.Service}, which was removed");
        }

        if (!isKnownRevision)
        {
            return (0, $"revision {container.Revision} of {container.App}/{container.Service} is not known");
        }

        var isGlobal = service.GlobalSlots is not null;
        if (!isGlobal && !service.Wants(container.Slot))
        {
            return (0, $"{container.App}/{container.Service} has {service.Replicas} replicas, and this is slot {container.Slot}");
        }

        return tasks.Any(other => other.Task is { IsLive: true, State: >= TaskState.Running } && (isGlobal ? other.NodeId == nodeId : other.Task.Slot == container.Slot))
            ? (0, $"{container.App}/{container.Service}.{container.Slot} runs already")
            : (attempt, null);
    }

    /// <summary>Ids are derived: what its id follows from is its service's id, and no other service of that name.</summary>
    private static int? AttemptOf(string taskId, ContainerIdentity container, string nodeId, string serviceId)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (TaskIds.Derive(serviceId, container.Slot, container.Revision, attempt) == taskId || TaskIds.Derive(serviceId, nodeId, container.Revision, attempt) == taskId)
            {
                return attempt;
            }
        }

        return null;
    }
}
