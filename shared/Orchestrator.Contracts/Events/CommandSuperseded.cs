namespace Orchestrator.Contracts;

/// <summary>The scheduler: a newer command of the same application came first; this one changed nothing. At least once.</summary>
[MessageName("orchestrator.events.command-superseded")]
public sealed record CommandSuperseded : OrchestratorEvent
{
    public override string Type => "command-superseded";
    public required string Command { get; init; }
}
