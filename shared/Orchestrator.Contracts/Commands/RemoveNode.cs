namespace Orchestrator.Contracts;

/// <summary>
/// The API, or anyone, to the scheduler: the machine is no node any more. Its tasks are given up and replaced elsewhere; its user of the broker goes.
/// Answered like <see cref="DeployCompose"/>.
/// </summary>
[MessageName("orchestrator.commands.remove-node")]
public sealed record RemoveNode
{
    public string? CommandId { get; init; }
    public string? NodeId { get; init; }

    /// <summary>Also a node that answers: its containers run on there, and nobody looks after them.</summary>
    public bool Force { get; init; }

    public string? RequestedBy { get; init; }
}
