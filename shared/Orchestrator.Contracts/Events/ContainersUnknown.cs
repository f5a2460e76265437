namespace Orchestrator.Contracts;

/// <summary>The scheduler: a node runs containers of this cluster that no stored task knows. They run on until somebody decides.</summary>
[MessageName("orchestrator.events.containers-unknown")]
public sealed record ContainersUnknown : OrchestratorEvent
{
    public override string Type => "containers-unknown";
    public required IReadOnlyList<ContainerIdentity> Containers { get; init; }
}
