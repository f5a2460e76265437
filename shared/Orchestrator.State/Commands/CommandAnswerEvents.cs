using Orchestrator.Contracts;

namespace Orchestrator.State;

public static class CommandAnswerEvents
{
    /// <summary>The event that tells the answer; the same answer gives the same event, id included.</summary>
    public static OrchestratorEvent ToEvent(this CommandAnswer answer) => answer.Outcome switch
    {
        CommandOutcome.Accepted => new CommandAccepted
        {
            EventId = answer.EventId,
            OccurredAt = answer.AnsweredAt,
            App = answer.App.Length > 0 ? answer.App : null,
            CommandId = answer.CommandId,
            Command = answer.Command,
            Revisions = answer.Revisions,
            Changed = answer.Changed,
            Version = answer.AppVersion,
        },
        CommandOutcome.Rejected => new CommandRejected
        {
            EventId = answer.EventId,
            OccurredAt = answer.AnsweredAt,
            App = answer.App.Length > 0 ? answer.App : null,
            CommandId = answer.CommandId,
            Command = answer.Command,
            Errors = answer.Errors,
            Version = answer.AppVersion,
        },
        _ => new CommandSuperseded
        {
            EventId = answer.EventId,
            OccurredAt = answer.AnsweredAt,
            App = answer.App.Length > 0 ? answer.App : null,
            CommandId = answer.CommandId,
            Command = answer.Command,
            Version = answer.AppVersion,
        },
    };
}
