namespace Orchestrator.Contracts;

/// <summary>The scheduler: the machine is no node any more. At least once.</summary>
[MessageName("orchestrator.events.node-removed")]
public sealed record NodeRemoved : OrchestratorEvent
{
    public override string Type => "node-removed";

    public required string Name { get; init; }
}
