namespace Orchestrator.Contracts;

/// <summary>The API, a failed rollout, or anyone, to the scheduler: go back to an earlier revision. Answered like <see cref="DeployCompose"/>.</summary>
[MessageName("orchestrator.commands.rollback-service")]
public sealed record RollbackService
{
    public string? CommandId { get; init; }
    public string? App { get; init; }
    public string? Service { get; init; }

    /// <summary>Null: the newest that completed and is another than the present one.</summary>
    public int? ToRevision { get; init; }

    /// <summary>Only if this is still the present revision; null: whichever is.</summary>
    public int? FailedRevision { get; init; }

    public long? Order { get; init; }
    public string? RequestedBy { get; init; }
}
