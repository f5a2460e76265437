namespace Orchestrator.Contracts;

/// <summary>A scheduler to the API instances: the answer to <see cref="PlanApp"/>. Who did not ask leaves it alone.</summary>
[MessageName("orchestrator.signals.app-planned")]
public sealed record AppPlanned
{
    public required string RequestId { get; init; }
    public required string App { get; init; }

    /// <summary>For <see cref="DeployApp.PlanIndex"/>.</summary>
    public long Index { get; init; }

    /// <summary>Why a deploy would be refused.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    public IReadOnlyList<PlannedService> Services { get; init; } = [];
}
