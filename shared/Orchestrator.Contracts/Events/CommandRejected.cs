namespace Orchestrator.Contracts;

/// <summary>The API or the scheduler: nothing was changed, for all these reasons. At least once.</summary>
[MessageName("orchestrator.events.command-rejected")]
public sealed record CommandRejected : OrchestratorEvent
{
    public override string Type => "command-rejected";
    public required string Command { get; init; }

    /// <summary>Each: what is wrong, where, what to do.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}
