namespace Orchestrator.Contracts;

/// <summary>The scheduler to one node's own queue: nobody begins connections to these tasks any more.</summary>
[MessageName("orchestrator.instructions.finish-drain")]
public sealed record FinishDrain
{
    public required string NodeId { get; init; }
    public required IReadOnlyList<string> TaskIds { get; init; }
}
