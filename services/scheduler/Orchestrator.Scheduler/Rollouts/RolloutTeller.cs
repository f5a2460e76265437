using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>What a rollout publishes. It leaves when the rollout is stored.</summary>
internal sealed class RolloutTeller(TimeProvider time)
{
    public async Task TellChangeAsync(BehaviorContext<RolloutSaga> context)
    {
        var rollout = context.Saga.Document;
        if (rollout.State.IsEnded())
        {
            await TellEndAsync(context);
        }
        else
        {
            await context.Publish(Changed(rollout, EventHead.NewId(), time.GetUtcNow()));
        }

        // The budget may be another now.
        await context.Publish(new ServiceChanged { ServiceId = rollout.ServiceId });
        if (rollout.State == RolloutState.RollingBack)
        {
            await AskForRollbackAsync(context);
        }
    }

    /// <summary>The event of the end, the news for the rollout that waits for it, and the note that both are out.</summary>
    public static async Task TellEndAsync(BehaviorContext<RolloutSaga> context)
    {
        var rollout = context.Saga.Document;
        var ended = EndOf(rollout);
        await context.Publish(ended, ended.GetType());
        if (rollout.RollbackOf is { } waiting)
        {
            await context.Publish(new RollbackEnded { RolloutId = waiting, State = rollout.State, Message = rollout.Message });
        }

        await context.Publish(new RolloutTold { RolloutId = rollout.Id });
    }

    public static Task AskForRollbackAsync(BehaviorContext<RolloutSaga> context)
    {
        var rollout = context.Saga.Document;
        return context.Publish(new RollbackService
        {
            CommandId = FormattableString.Invariant($"rollback-{rollout.Id}-{rollout.Rollbacks}"),
            App = rollout.App,
            Service = rollout.Service,
            ToRevision = rollout.StableRevision,
            FailedRevision = rollout.ToRevision,
            RequestedBy = $"rollout {rollout.Id}",
        });
    }

    public Task AnswerAsync(BehaviorContext<RolloutSaga, RolloutSteered> context)
    {
        var (rollout, now) = (context.Saga.Document, time.GetUtcNow());
        OrchestratorEvent answer = context.Saga.Refusal is { } refusal
            ? new CommandRejected
            {
                EventId = EventHead.NewId(),
                OccurredAt = now,
                App = rollout.App,
                Service = rollout.Service,
                CommandId = context.Message.CommandId,
                Command = SteerRolloutConsumer.Name,
                Errors = [SteerRolloutConsumer.Refuse(rollout, refusal)],
                Version = rollout.Version + 1,
            }
            : new CommandAccepted
            {
                EventId = EventHead.NewId(),
                OccurredAt = now,
                App = rollout.App,
                Service = rollout.Service,
                CommandId = context.Message.CommandId,
                Command = SteerRolloutConsumer.Name,
                Version = rollout.Version + 1,
            };
        return context.Publish(answer, answer.GetType());
    }

    private static OrchestratorEvent EndOf(RolloutDocument rollout) => rollout.State switch
    {
        RolloutState.Completed => new RolloutCompleted
        {
            EventId = rollout.EndEventId!,
            OccurredAt = rollout.EndedAt!.Value,
            App = rollout.App,
            Service = rollout.Service,
            RolloutId = rollout.Id,
            FromRevision = rollout.FromRevision,
            ToRevision = rollout.ToRevision,
            Version = rollout.Version + 1,
        },
        RolloutState.Failed => new RolloutFailed
        {
            EventId = rollout.EndEventId!,
            OccurredAt = rollout.EndedAt!.Value,
            App = rollout.App,
            Service = rollout.Service,
            RolloutId = rollout.Id,
            FromRevision = rollout.FromRevision,
            ToRevision = rollout.ToRevision,
            Reason = rollout.Message ?? "tasks fail",
            Version = rollout.Version + 1,
        },
        _ => Changed(rollout, rollout.EndEventId!, rollout.EndedAt!.Value),
    };

    private static RolloutChanged Changed(RolloutDocument rollout, string eventId, DateTimeOffset at) => new()
    {
        EventId = eventId,
        OccurredAt = at,
        App = rollout.App,
        Service = rollout.Service,
        RolloutId = rollout.Id,
        FromRevision = rollout.FromRevision,
        ToRevision = rollout.ToRevision,
        State = rollout.State,
        Message = rollout.Message,
        Counts = rollout.Counts,
        Version = rollout.Version + 1,
    };
}
