namespace Orchestrator.Contracts;

/// <summary>The API, or anyone, to the scheduler: stop and forget all services of the application. Volumes stay. Answered like <see cref="DeployCompose"/>.</summary>
[MessageName("orchestrator.commands.remove-app")]
public sealed record RemoveApp
{
    public string? CommandId { get; init; }
    public string? App { get; init; }
    public long? Order { get; init; }
    public string? RequestedBy { get; init; }
}
