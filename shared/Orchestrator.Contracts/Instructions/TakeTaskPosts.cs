namespace Orchestrator.Contracts;

/// <summary>The API to one node's own queue: what applications posted of these tasks over the bus, in the order in which it came. Lost ones are followed by the next.</summary>
[MessageName("orchestrator.instructions.take-task-posts")]
public sealed record TakeTaskPosts
{
    public required string NodeId { get; init; }
    public required IReadOnlyList<TaskPost> Posts { get; init; }
}
