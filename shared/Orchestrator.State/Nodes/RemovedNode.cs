namespace Orchestrator.State;

/// <summary>What is kept of a node that was removed: messages of the agent it had then may still be on their way.</summary>
internal sealed record RemovedNode
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>The node id.</summary>
    public required string Id { get; init; }

    public required long AgentEpoch { get; init; }
    public required DateTimeOffset RemovedAt { get; init; }
}
