using MassTransit;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;
using Orchestrator.Scheduler.Events;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>What the state machine does to a rollout's document on its way from one state to another.</summary>
internal sealed class RolloutMoves(RolloutTeller teller, TimeProvider time, ILogger<RolloutMoves> logger)
{
    private const int ObeyedKept = 20;

    /// <summary>A rollout under way is looked at again after this even if no message says so.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public static bool CanGoBack(RolloutSaga saga) =>
        saga.Document is { StableRevision: not null, IsRollback: false, FromRevision: not null };

    public static Task RefuseMissingAsync(ConsumeContext<RolloutSteered> context) =>
        context.Publish(new CommandRejected
        {
            EventId = EventHead.NewId(),
            OccurredAt = context.Message.AskedAt,
            CommandId = context.Message.CommandId,
            Command = SteerRolloutConsumer.Name,
            Errors = ["the rollout is gone with its service"],
        });

    public void Record(BehaviorContext<RolloutSaga, RolloutObserved> context)
    {
        var (saga, message) = (context.Saga, context.Message);
        saga.IsStale = message.ObservedAt < saga.Document.ObservedAt;
        if (saga.IsStale)
        {
            return;
        }

        var before = saga.Document.Counts;
        var isProgress = message.Counts.WaitsForOthers || message.Counts.Done > (before?.Done ?? 0) || message.Counts.Old < before?.Old;
        saga.Document = saga.Document with
        {
            Counts = message.Counts,
            ObservedAt = message.ObservedAt,
            ProgressAt = isProgress ? time.GetUtcNow() : saga.Document.ProgressAt,
        };
    }

    public void Judge(BehaviorContext<RolloutSaga> context)
    {
        var saga = context.Saga;
        if (saga.IsStale)
        {
            return;
        }

        var now = time.GetUtcNow();
        var (verdict, reason) = RolloutJudge.Judge(saga.View, now);
        saga.Verdict = verdict;
        saga.Document = verdict switch
        {
            RolloutVerdict.Monitor when saga.State == RolloutState.Monitoring => saga.Document,
            RolloutVerdict.Monitor => saga.Document with { MonitorUntil = now.AddSeconds(saga.Document.Policy.MonitorSeconds) },
            RolloutVerdict.Advance => saga.Document with { Stage = saga.Document.Stage + 1, ProgressAt = now },
            RolloutVerdict.RollBack => saga.Document with { Message = reason, Rollbacks = saga.Document.Rollbacks + 1 },
            RolloutVerdict.Fail or RolloutVerdict.Pause => saga.Document with { Message = reason },
            _ => saga.Document with
            {
                Message = null,
                MonitorUntil = null,
                ProgressAt = saga.State is RolloutState.Planned or RolloutState.Progressing ? saga.Document.ProgressAt : now,
            },
        };
    }

    public static void JudgeArrival(BehaviorContext<RolloutSaga> context)
    {
        if (!context.Saga.IsStale && context.Saga.Document.Counts is { Converged: true })
        {
            context.Saga.Verdict = RolloutVerdict.Complete;
            context.Saga.Document = context.Saga.Document with { Message = null };
        }
    }

    public static void TakeOvertaking(BehaviorContext<RolloutSaga, RolloutOvertaken> context) =>
        context.Saga.Document = context.Saga.Document with
        {
            Message = context.Message.ByRevision is { } revision ? $"revision {revision} took its place" : "the service was removed",
        };

    public static void TakeMessage(BehaviorContext<RolloutSaga, RollbackEnded> context) =>
        context.Saga.Document = context.Saga.Document with
        {
            Message = context.Message.State == RolloutState.Completed
                ? context.Saga.Document.Message
                : $"{context.Saga.Document.Message}; going back failed too: {context.Message.Message}",
        };

    public static void Weigh(BehaviorContext<RolloutSaga, RolloutSteered> context)
    {
        var (saga, message) = (context.Saga, context.Message);
        var isRepeated = saga.Document.Obeyed.Contains(message.CommandId);
        saga.Refusal = isRepeated ? null : RolloutSteering.Refusal(saga.State, message.Action);
        saga.Obeys = !isRepeated && saga.Refusal is null;
    }

    /// <summary>What was seen before it does not count against what a person wants now.</summary>
    public void Obey(BehaviorContext<RolloutSaga, RolloutSteered> context)
    {
        var (saga, message) = (context.Saga, context.Message);
        if (!saga.Obeys)
        {
            return;
        }

        var now = time.GetUtcNow();
        var who = message.RequestedBy is { } by ? $" by {by}" : "";
        var document = saga.Document with { Obeyed = [.. saga.Document.Obeyed.Append(message.CommandId).TakeLast(ObeyedKept)], ObservedAt = now };
        saga.Document = message.Action switch
        {
            RolloutAction.Pause => document with { Message = $"paused{who}", MonitorUntil = null },
            RolloutAction.Abort => document with { Message = $"aborted{who}", Rollbacks = document.Rollbacks + 1 },
            RolloutAction.Promote => document with { Stage = document.Stage + 1, ProgressAt = now, Message = null },
            _ => document with
            {
                CountFrom = now,
                ProgressAt = now,
                EndedAt = null,
                Message = null,
                Counts = document.Counts is { } counts ? counts with { Failed = 0, Stuck = false, Reason = null } : null,
            },
        };
        if (saga.State == RolloutState.Progressing)
        {
            Judge(context);
        }
    }

    public Task AnswerAsync(BehaviorContext<RolloutSaga, RolloutSteered> context) => teller.AnswerAsync(context);

    public static Task AskForRollbackAsync(BehaviorContext<RolloutSaga> context) => RolloutTeller.AskForRollbackAsync(context);

    public async Task TellEndAsync(BehaviorContext<RolloutSaga> context)
    {
        context.Saga.Document = context.Saga.Document with { DueAt = time.GetUtcNow() + LookAgain };
        await RolloutTeller.TellEndAsync(context);
    }

    public static void Rest(BehaviorContext<RolloutSaga> context) => context.Saga.Document = context.Saga.Document with { DueAt = null };

    /// <summary>Brings the document after the state it has come to, and tells of the change.</summary>
    public async Task SettleAsync(BehaviorContext<RolloutSaga> context)
    {
        var saga = context.Saga;
        var (before, state, now) = (saga.Document.State, saga.State, time.GetUtcNow());
        var document = saga.Document with { State = state };
        var view = RolloutViews.Of(document);
        var outlook = RolloutOutlook.Of(view, document.Message);
        var deadline = RolloutJudge.Deadline(view);
        var isNewEnd = state.IsEnded() && before != state;
        saga.Document = document with
        {
            Step = outlook.Step,
            Steps = outlook.Steps,
            Next = outlook.Next,
            Blocker = outlook.Blocker,
            Deadline = deadline,
            EndedAt = isNewEnd ? now : state.IsEnded() ? document.EndedAt : null,
            EndEventId = isNewEnd ? EventHead.NewId() : document.EndEventId,
            DueAt = state.IsEnded() && !isNewEnd ? document.DueAt : deadline < now + LookAgain ? deadline : now + LookAgain,
        };
        if (before != state)
        {
            Log.RolloutChanged(logger, document.Id, state.ToString(), document.Message);
            await teller.TellChangeAsync(context);
        }
    }
}
