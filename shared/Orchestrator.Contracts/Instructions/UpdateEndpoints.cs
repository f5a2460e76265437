namespace Orchestrator.Contracts;

/// <summary>The scheduler to one node's own queue: services are reached like this. Answered by <see cref="EndpointsApplied"/>.</summary>
[MessageName("orchestrator.instructions.update-endpoints")]
public sealed record UpdateEndpoints
{
    public required string NodeId { get; init; }
    public required IReadOnlyList<ServiceEndpoints> Services { get; init; }

    /// <summary>These are all there are; the answer to <see cref="NodeSync"/>.</summary>
    public bool Full { get; init; }
}
