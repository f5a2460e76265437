namespace Orchestrator.Contracts;

/// <summary>The scheduler: a node or a service got no address of the cluster's network.</summary>
[MessageName("orchestrator.events.addresses-exhausted")]
public sealed record AddressesExhausted : OrchestratorEvent
{
    public override string Type => "addresses-exhausted";

    /// <summary>Of which all are taken.</summary>
    public required string Range { get; init; }

    /// <summary>What is wrong, and what to change.</summary>
    public required string Reason { get; init; }
}
