namespace Orchestrator.Contracts;

/// <summary>The scheduler: nodes joined, or what is stored of them by intention changed.</summary>
[MessageName("orchestrator.events.nodes-changed")]
public sealed record NodesChanged : OrchestratorEvent
{
    public override string Type => "nodes-changed";
    public required IReadOnlyList<NodeChange> Nodes { get; init; }
}
