using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>A service as its application wants it, followed by the reconciler.</summary>
public sealed record ServiceDocument
{
    /// <summary>The service id.</summary>
    public required string Id { get; init; }

    public long Version { get; init; }
    public required string App { get; init; }
    public required string Name { get; init; }

    /// <summary>The revision wanted.</summary>
    public required int Revision { get; init; }

    public required int Replicas { get; init; }
    public ServiceMode Mode { get; init; }

    /// <summary>The command that set it last, as <see cref="WantedService.SetBy"/>: whoever is slow to follow an older one changes nothing.</summary>
    public long SetBy { get; init; }

    /// <summary>All tasks are to stop; then the document goes.</summary>
    public bool Removed { get; init; }

    /// <summary>Every dependency was met once; they order the first start only.</summary>
    public bool DependenciesMet { get; init; }

    /// <summary>Why tasks wait for a node, as last told.</summary>
    public IReadOnlyList<string> UnschedulableReasons { get; init; } = [];

    /// <summary>Why tasks wait for a node, by node, and what would help.</summary>
    public TaskExplanation? Waiting { get; init; }

    /// <summary>The revision that some of its tasks stay at while it is on its way to the one wanted.</summary>
    public int? KeptRevision { get; init; }

    /// <summary>Services of other applications that its tasks must not be beside, as <c>app/service</c>.</summary>
    public IReadOnlyList<string> KeepsAway { get; init; } = [];

    /// <summary>Of a global service: how many nodes it is on.</summary>
    public int? Slots { get; init; }

    /// <summary>Null: no node was told of it.</summary>
    public ServiceNetworkDocument? Network { get; init; }

    public DateTimeOffset? DirtySince { get; init; }

    /// <summary>When to look again without a change: a back-off ends.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
