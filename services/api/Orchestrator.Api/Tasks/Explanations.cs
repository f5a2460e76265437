using Orchestrator.State;

namespace Orchestrator.Api.Tasks;

/// <summary>Why tasks are where they are, and why they wait, from what the scheduler has kept.</summary>
internal static class Explanations
{
    public static object OfTask(TaskDocument task, ServiceDocument? service, IReadOnlyDictionary<string, string> nodeNames)
    {
        var waits = task.NodeId is null && !Contracts.TaskStates.IsFinal(task.State);
        var kept = waits ? service?.Waiting : task.Explanation;
        return new
        {
            TaskId = task.Id,
            task.App,
            task.Service,
            task.Slot,
            State = task.State.ToString(),
            Node = task.NodeId is { } id ? nodeNames.GetValueOrDefault(id, id) : null,
            task.NodeId,
            Waits = waits,
            task.Message,
            task.ExitCode,
            task.LastLines,
            At = kept?.At,
            NodesLookedAt = kept?.NodesLookedAt,
            Best = kept?.Best ?? [],
            Refusals = kept?.Refusals ?? [],
            FurtherRefusals = kept?.FurtherRefusals ?? 0,
            Changes = waits ? kept?.Changes ?? [] : [],
            Note = kept?.Note,
            Nomination = task.Nomination,
            Move = task.Move,
            Explained = kept is not null,
        };
    }

    public static object OfService(ServiceDocument service, IEnumerable<TaskDocument> tasks, IReadOnlyDictionary<string, string> nodeNames) => new
    {
        service.App,
        Service = service.Name,
        Reasons = service.UnschedulableReasons,
        Changes = service.Waiting?.Changes ?? [],
        service.Waiting,
        Tasks = tasks.Where(task => !Contracts.TaskStates.IsFinal(task.State)).OrderBy(task => task.Slot).ThenBy(task => task.Attempt).Select(task => OfTask(task, service, nodeNames)),
    };
}
