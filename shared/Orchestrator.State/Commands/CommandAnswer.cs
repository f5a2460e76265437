namespace Orchestrator.State;

/// <summary>The scheduler's last word on a command.</summary>
public sealed record CommandAnswer
{
    public required string CommandId { get; init; }
    public required CommandOutcome Outcome { get; init; }

    /// <summary>The command's name in kebab case.</summary>
    public required string Command { get; init; }

    /// <summary>Empty for a command that is about no application.</summary>
    public required string App { get; init; }
    public IReadOnlyList<string> Errors { get; init; } = [];
    public IReadOnlyDictionary<string, int> Revisions { get; init; } = new Dictionary<string, int>();
    public bool Changed { get; init; } = true;

    /// <summary>The application's version after the command.</summary>
    public long AppVersion { get; init; }

    /// <summary>The event that tells it, so that a repeated telling has the same id.</summary>
    public required string EventId { get; init; }

    public required DateTimeOffset AnsweredAt { get; init; }
}
