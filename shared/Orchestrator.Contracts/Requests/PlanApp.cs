namespace Orchestrator.Contracts;

/// <summary>The API to the schedulers: what would a deploy of this change, and where would its new tasks go? Answered by <see cref="AppPlanned"/>; nothing is changed.</summary>
[MessageName("orchestrator.requests.plan-app")]
public sealed record PlanApp
{
    public required string RequestId { get; init; }
    public required string App { get; init; }
    public required ApplicationSpec Spec { get; init; }
}
