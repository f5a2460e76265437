namespace Orchestrator.Contracts;

/// <summary>The API, to a machine that asked with <see cref="JoinNode"/>: who it is on the broker from now on, or why not.</summary>
[MessageName("orchestrator.instructions.admit-node")]
public sealed record AdmitNode
{
    public required string NodeId { get; init; }
    public required string ClusterId { get; init; }
    public NodeRole Role { get; init; }

    /// <summary>The node's user on the broker; null: refused.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>What is wrong, and what to do.</summary>
    public string? Refusal { get; init; }
}
