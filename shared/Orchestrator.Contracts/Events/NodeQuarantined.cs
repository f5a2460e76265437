namespace Orchestrator.Contracts;

/// <summary>The scheduler: containers of several services failed to start on a node, so it gets no new tasks for a while.</summary>
[MessageName("orchestrator.events.node-quarantined")]
public sealed record NodeQuarantined : OrchestratorEvent
{
    public override string Type => "node-quarantined";
    public required DateTimeOffset Until { get; init; }

    /// <summary>For people: one line.</summary>
    public required string Reason { get; init; }
}
