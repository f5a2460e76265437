using Orchestrator.State;

namespace Orchestrator.Scheduler.Commands;

/// <summary>What a command makes of its application: errors, or what is wanted from now on.</summary>
internal sealed record AppDecision
{
    public IReadOnlyList<string> Errors { get; init; } = [];
    public IReadOnlyDictionary<string, WantedService> Wanted { get; init; } = new Dictionary<string, WantedService>();
    public IReadOnlyList<RevisionDocument> NewRevisions { get; init; } = [];
    public IReadOnlyList<string> Leaving { get; init; } = [];
    public bool Changed { get; init; }

    /// <summary>It was about the application as a whole: older commands of any kind are superseded from now on.</summary>
    public bool Whole { get; init; }

    public static AppDecision Refuse(params IReadOnlyList<string> errors) => new() { Errors = errors };
}
