namespace Orchestrator.Contracts;

/// <summary>The scheduler: nodes joined, or what people or the health monitor say of them was taken over.</summary>
[MessageName("orchestrator.events.nodes-changed")]
public sealed record NodesChanged : OrchestratorEvent
{
    public override string Type => "nodes-changed";
    public required IReadOnlyList<NodeChange> Nodes { get; init; }
}
