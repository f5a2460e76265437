namespace Orchestrator.Contracts;

/// <summary>A machine that holds a join token, to the API: let me in as this node. Answered by <see cref="AdmitNode"/> to the token's own queue.</summary>
[MessageName("orchestrator.requests.join-node")]
public sealed record JoinNode
{
    /// <summary>Made by the machine, kept by it: small letters, digits and '-'.</summary>
    public required string NodeId { get; init; }
}
