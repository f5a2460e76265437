namespace Orchestrator.State;

/// <summary>A request that the API has taken: stored before it is answered 202, published again until the scheduler answers.</summary>
public sealed record CommandDocument
{
    /// <summary>The command id.</summary>
    public required string Id { get; init; }

    /// <summary>The command's name in kebab case: <c>deploy-app</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Empty for a command that is about no application.</summary>
    public required string App { get; init; }

    /// <summary>Its place among the commands of its application; given by the store at insertion.</summary>
    public long Order { get; init; }

    /// <summary>The message as JSON, without its order.</summary>
    public required string Body { get; init; }

    public IReadOnlyList<string> Warnings { get; init; } = [];
    public string? RequestedBy { get; init; }

    /// <summary>The trace of the request (W3C <c>traceparent</c>), so that a later publication belongs to it; null when none is kept.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When to publish it (again) unless it is answered.</summary>
    public required DateTimeOffset PublishDueAt { get; init; }

    public CommandAnswer? Answer { get; init; }
}
