namespace Orchestrator.Contracts;

/// <summary>What a deploy would make of a service.</summary>
public sealed record PlannedService
{
    public required string Name { get; init; }
    public required PlannedChange Change { get; init; }
    public int? FromRevision { get; init; }
    public int? ToRevision { get; init; }
    public int FromReplicas { get; init; }
    public int ToReplicas { get; init; }

    /// <summary>What differs, one line each: <c>container.image: web:1 → web:2</c>.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>For an update: why each task is stopped before its successor starts. Null: the successor starts first.</summary>
    public string? StopFirst { get; init; }

    /// <summary>The new tasks that would find a node, as things are now.</summary>
    public IReadOnlyList<PlannedTask> Tasks { get; init; } = [];

    /// <summary>How many would find none.</summary>
    public int Waiting { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>The least changes that would help.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];
}
