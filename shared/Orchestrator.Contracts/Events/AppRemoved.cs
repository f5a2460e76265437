namespace Orchestrator.Contracts;

/// <summary>The scheduler: the last task of a removed application has ended.</summary>
[MessageName("orchestrator.events.app-removed")]
public sealed record AppRemoved : OrchestratorEvent
{
    public override string Type => "app-removed";
}
