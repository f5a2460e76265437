namespace Orchestrator.Contracts;

/// <summary>The health monitor: nodes are declared lost again, after <see cref="BrakeApplied"/>.</summary>
[MessageName("orchestrator.events.brake-released")]
public sealed record BrakeReleased : OrchestratorEvent
{
    public override string Type => "brake-released";
}
