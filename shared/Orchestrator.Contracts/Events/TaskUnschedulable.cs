namespace Orchestrator.Contracts;

/// <summary>The scheduler: no node can take these tasks now. Once per change of the reasons.</summary>
[MessageName("orchestrator.events.task-unschedulable")]
public sealed record TaskUnschedulable : OrchestratorEvent
{
    public override string Type => "task-unschedulable";

    /// <summary>How many tasks of the service wait.</summary>
    public required int Waiting { get; init; }

    /// <summary>Each names the thing and the cure.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The least changes that would help one task more, each tried.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
}
