namespace Orchestrator.Contracts;

/// <summary>The scheduler to one node's own queue: it knows that these tasks ended, and sees to what follows. Without it the node does, by the policy it holds.</summary>
[MessageName("orchestrator.instructions.ends-taken")]
public sealed record EndsTaken
{
    public required string NodeId { get; init; }
    public required IReadOnlyList<string> TaskIds { get; init; }
}
