namespace Orchestrator.Contracts;

/// <summary>The health monitor: many nodes vanished at once, and none of them is declared lost while that lasts.</summary>
[MessageName("orchestrator.events.brake-applied")]
public sealed record BrakeApplied : OrchestratorEvent
{
    public override string Type => "brake-applied";

    /// <summary>Ids of those that would be lost.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>How many nodes there are.</summary>
    public required int Total { get; init; }

    /// <summary>After this they are declared lost all the same.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>For people: one line.</summary>
    public required string Reason { get; init; }
}
