namespace Orchestrator.Contracts;

/// <summary>
/// The API, or anyone, to the scheduler: make the application be what <see cref="Spec"/> says. Services that the spec
/// does not name are removed. Answered like <see cref="DeployCompose"/>.
/// </summary>
[MessageName("orchestrator.commands.deploy-app")]
public sealed record DeployApp
{
    public string? CommandId { get; init; }
    public string? App { get; init; }
    public ApplicationSpec? Spec { get; init; }

    /// <summary>The command's place among those of its application, given by the API; without one it is the newest.</summary>
    public long? Order { get; init; }

    /// <summary>Of a plan that was looked at: refused when the application has had another command since. Null: not asked.</summary>
    public long? PlanIndex { get; init; }

    public string? RequestedBy { get; init; }
}
