namespace Orchestrator.Contracts;

/// <summary>The scheduler, after saving: these tasks are now so. At most once; task versions tell what is newer.</summary>
[MessageName("orchestrator.events.tasks-changed")]
public sealed record TasksChanged : OrchestratorEvent
{
    public override string Type => "tasks-changed";
    public required IReadOnlyList<TaskChange> Tasks { get; init; }
}
