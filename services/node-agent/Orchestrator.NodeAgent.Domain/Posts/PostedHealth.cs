using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Domain.Posts;

/// <summary>All that an application has said of itself so far. Times count from any moment that stays the same.</summary>
public sealed record PostedHealth
{
    public bool? Ready { get; init; }
    public bool? Live { get; init; }

    /// <summary>Of the last post that said whether it is ready or lives.</summary>
    public string? Message { get; init; }

    /// <summary>Of its last post; null: there was none.</summary>
    public TimeSpan? HeardAt { get; init; }

    public double? Load { get; init; }
    public TimeSpan LoadAt { get; init; }

    public PostedHealth Take(HealthPost post, TimeSpan now) => this with
    {
        Ready = post.Ready ?? Ready,
        Live = post.Live ?? Live,
        Message = post is { Ready: null, Live: null, Message: null } ? Message : post.Message,
        HeardAt = now,
        Load = post.Load ?? Load,
        LoadAt = post.Load is null ? LoadAt : now,
    };
}
