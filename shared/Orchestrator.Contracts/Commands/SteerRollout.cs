namespace Orchestrator.Contracts;

/// <summary>The API, or anyone, to the scheduler: pause, resume, promote, abort or retry the newest rollout of a service. Answered like <see cref="DeployCompose"/>.</summary>
[MessageName("orchestrator.commands.steer-rollout")]
public sealed record SteerRollout
{
    public string? CommandId { get; init; }
    public string? App { get; init; }
    public string? Service { get; init; }
    public RolloutAction? Action { get; init; }
    public string? RequestedBy { get; init; }
}
