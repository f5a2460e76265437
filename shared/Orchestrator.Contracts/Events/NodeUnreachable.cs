namespace Orchestrator.Contracts;

/// <summary>The health monitor: a node is silent; it gets no new tasks. At least once.</summary>
[MessageName("orchestrator.events.node-unreachable")]
public sealed record NodeUnreachable : OrchestratorEvent
{
    public override string Type => "node-unreachable";

    /// <summary>Grows each time another instance of the health monitor takes over; what comes with a smaller one is outdated.</summary>
    public required long Epoch { get; init; }

    /// <summary>When its last heartbeat came.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>For people: one line.</summary>
    public required string Reason { get; init; }
}
