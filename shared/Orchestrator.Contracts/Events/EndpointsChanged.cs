namespace Orchestrator.Contracts;

/// <summary>The scheduler: connections to this service go to these tasks. Nodes are told by <see cref="UpdateEndpoints"/>.</summary>
[MessageName("orchestrator.events.endpoints-changed")]
public sealed record EndpointsChanged : OrchestratorEvent
{
    public override string Type => "endpoints-changed";
    public required string ServiceId { get; init; }
    public required long EndpointsVersion { get; init; }
    public string? Vip { get; init; }

    /// <summary>Those that take connections.</summary>
    public required IReadOnlyList<TaskEndpoint> Endpoints { get; init; }
}
