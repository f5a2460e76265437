namespace Orchestrator.State;

/// <summary>Where a task stands in the list of all.</summary>
public sealed record TaskPlace(string App, string Service, int Slot, DateTimeOffset CreatedAt, string Id)
{
    public static TaskPlace Of(TaskDocument task) => new(task.App, task.Service, task.Slot, task.CreatedAt, task.Id);
}
