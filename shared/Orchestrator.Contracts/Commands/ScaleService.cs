namespace Orchestrator.Contracts;

/// <summary>The API, or anyone, to the scheduler: run this many replicas. Answered like <see cref="DeployCompose"/>.</summary>
[MessageName("orchestrator.commands.scale-service")]
public sealed record ScaleService
{
    public string? CommandId { get; init; }
    public string? App { get; init; }
    public string? Service { get; init; }
    public int? Replicas { get; init; }
    public long? Order { get; init; }
    public string? RequestedBy { get; init; }
}
