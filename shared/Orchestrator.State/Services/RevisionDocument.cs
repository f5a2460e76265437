using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>One version of a service's spec. Never changed.</summary>
public sealed record RevisionDocument
{
    public required string ServiceId { get; init; }

    /// <summary>1, 2, 3… within the service.</summary>
    public required int Number { get; init; }

    public required string App { get; init; }
    public required ServiceSpec Spec { get; init; }

    /// <summary>Of the parts that make the container. Tasks of equal hash need not be replaced.</summary>
    public required string TemplateHash { get; init; }

    /// <summary>The earlier revision whose spec this is, when it came by going back.</summary>
    public int? RollbackTo { get; init; }

    /// <summary>The revision that failed, when the going back was decided by its rollout.</summary>
    public int? FailedRevision { get; init; }

    public string? RequestedBy { get; init; }
    public string? CommandId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
