using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Which tasks of a service take new connections, as this node sees it.</summary>
public static class TakingTasks
{
    /// <param name="service">As the cluster told it last.</param>
    /// <param name="left">Tasks of this node that take nothing any more, whatever the cluster has told.</param>
    /// <param name="silent">Nodes that do not answer this one. What runs there is left out while others are there: nobody who is cut off empties a service.</param>
    public static IReadOnlyList<TaskEndpoint> Of(ServiceEndpoints service, IReadOnlyCollection<string> left, IReadOnlyCollection<string> silent)
    {
        var ready = service.Tasks.Where(task => task.Takes && !left.Contains(task.TaskId)).ToList();
        if (silent.Count == 0 || !ready.Exists(task => silent.Contains(task.NodeId)))
        {
            return ready;
        }

        var answering = ready.Where(task => !silent.Contains(task.NodeId)).ToList();
        return answering.Count > 0 ? answering : ready;
    }
}
