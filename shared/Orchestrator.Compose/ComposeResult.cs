using Orchestrator.Contracts;

namespace Orchestrator.Compose;

/// <summary>What a Compose file says.</summary>
public sealed record ComposeResult
{
    /// <summary>The application's name, as far as it could be read.</summary>
    public string? App { get; init; }

    /// <summary>Null when there are errors.</summary>
    public ApplicationSpec? Spec { get; init; }

    /// <summary>All of them, by position.</summary>
    public IReadOnlyList<ComposeMessage> Errors { get; init; } = [];

    public IReadOnlyList<ComposeMessage> Warnings { get; init; } = [];
}
