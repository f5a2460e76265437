namespace Orchestrator.Contracts;

/// <summary>The health monitor: a node is heard of again. At least once.</summary>
[MessageName("orchestrator.events.node-recovered")]
public sealed record NodeRecovered : OrchestratorEvent
{
    public override string Type => "node-recovered";

    /// <summary>Grows each time another instance of the health monitor takes over; what comes with a smaller one is outdated.</summary>
    public required long Epoch { get; init; }

    /// <summary>When it was heard of again.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>For people: one line.</summary>
    public required string Reason { get; init; }
}
