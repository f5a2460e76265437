using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Rollouts;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>
/// Moves a rollout's phase on what the reconciler saw, on deadlines and on people's wishes. It decides how much may change, touches
/// no task and reads nothing but its own document, which whoever follows the command has stored.
/// </summary>
internal sealed class RolloutStateMachine : MassTransitStateMachine<RolloutSaga>
{
    public RolloutStateMachine(RolloutMoves moves)
    {
        InstanceState(saga => saga.CurrentState);
        Event(() => Observed, message => { message.CorrelateById(context => RolloutIds.Correlation(context.Message.RolloutId)); message.OnMissingInstance(missing => missing.Discard()); });
        Event(() => Due, message => { message.CorrelateById(context => RolloutIds.Correlation(context.Message.RolloutId)); message.OnMissingInstance(missing => missing.Discard()); });
        Event(() => Overtaken, message => { message.CorrelateById(context => RolloutIds.Correlation(context.Message.RolloutId)); message.OnMissingInstance(missing => missing.Discard()); });
        Event(() => Steered, message => { message.CorrelateById(context => RolloutIds.Correlation(context.Message.RolloutId)); message.OnMissingInstance(missing => missing.ExecuteAsync(RolloutMoves.RefuseMissingAsync)); });
        Event(() => WentBack, message => { message.CorrelateById(context => RolloutIds.Correlation(context.Message.RolloutId)); message.OnMissingInstance(missing => missing.Discard()); });
        Event(() => Told, message => { message.CorrelateById(context => RolloutIds.Correlation(context.Message.RolloutId)); message.OnMissingInstance(missing => missing.Discard()); });
        OnUnhandledEvent(context => context.Ignore());

        foreach (var state in new[] { Planned, Progressing, AwaitingPromotion, Monitoring })
        {
            During(
                state,
                Follow(When(Observed).Then(moves.Record).Then(moves.Judge)).ThenAsync(moves.SettleAsync),
                Follow(When(Due).Then(moves.Judge)).ThenAsync(moves.SettleAsync));
        }

        // Attempts at a service's first revision go on: what failed may arrive after all.
        During(
            Failed,
            When(Observed).Then(moves.Record).Then(RolloutMoves.JudgeArrival)
                .If(Is(RolloutVerdict.Complete), go => go.TransitionTo(Completed))
                .ThenAsync(moves.SettleAsync));
        During(Paused, When(Observed).Then(moves.Record).ThenAsync(moves.SettleAsync), When(Due).ThenAsync(moves.SettleAsync));
        During(
            RollingBack,
            When(Observed).Then(moves.Record).ThenAsync(moves.SettleAsync),
            When(Due).ThenAsync(RolloutMoves.AskForRollbackAsync).ThenAsync(moves.SettleAsync),
            When(WentBack).Then(RolloutMoves.TakeMessage)
                .If(context => context.Message.State == RolloutState.Completed, go => go.TransitionTo(RolledBack))
                .If(context => context.Message.State is RolloutState.Failed or RolloutState.Aborted, go => go.TransitionTo(Failed))
                .If(context => context.Message.State == RolloutState.Superseded, go => go.TransitionTo(Superseded))
                .ThenAsync(moves.SettleAsync));
        foreach (var state in new[] { Planned, Progressing, AwaitingPromotion, Monitoring, Paused, RollingBack, Failed })
        {
            During(
                state,
                When(Overtaken).Then(RolloutMoves.TakeOvertaking)
                    .IfElse(context => context.Message.ByRevision is null, go => go.TransitionTo(Aborted), go => go.TransitionTo(Superseded))
                    .ThenAsync(moves.SettleAsync));
        }

        foreach (var state in new[] { Completed, RolledBack, Failed, Superseded, Aborted })
        {
            During(state, When(Due).ThenAsync(moves.TellEndAsync), When(Told).Then(RolloutMoves.Rest));
        }

        DuringAny(
            Follow(When(Steered).Then(RolloutMoves.Weigh)
                    .If(Wants(RolloutAction.Pause), go => go.TransitionTo(Paused))
                    .If(Wants(RolloutAction.Resume), go => go.TransitionTo(Progressing))
                    .If(Wants(RolloutAction.Promote), go => go.TransitionTo(Progressing))
                    .If(Wants(RolloutAction.Retry), go => go.TransitionTo(Progressing))
                    .If(context => Wants(RolloutAction.Abort)(context) && RolloutMoves.CanGoBack(context.Saga), go => go.TransitionTo(RollingBack))
                    .If(context => Wants(RolloutAction.Abort)(context) && !RolloutMoves.CanGoBack(context.Saga), go => go.TransitionTo(Aborted))
                    .Then(moves.Obey))
                .ThenAsync(moves.AnswerAsync)
                .ThenAsync(moves.SettleAsync));
    }

    public MassTransit.State Planned { get; private set; } = null!;
    public MassTransit.State Progressing { get; private set; } = null!;
    public MassTransit.State AwaitingPromotion { get; private set; } = null!;
    public MassTransit.State Paused { get; private set; } = null!;
    public MassTransit.State Monitoring { get; private set; } = null!;
    public MassTransit.State Completed { get; private set; } = null!;
    public MassTransit.State RollingBack { get; private set; } = null!;
    public MassTransit.State RolledBack { get; private set; } = null!;
    public MassTransit.State Failed { get; private set; } = null!;
    public MassTransit.State Superseded { get; private set; } = null!;
    public MassTransit.State Aborted { get; private set; } = null!;

    public Event<RolloutObserved> Observed { get; private set; } = null!;
    public Event<RolloutDue> Due { get; private set; } = null!;
    public Event<RolloutOvertaken> Overtaken { get; private set; } = null!;
    public Event<RolloutSteered> Steered { get; private set; } = null!;
    public Event<RollbackEnded> WentBack { get; private set; } = null!;
    public Event<RolloutTold> Told { get; private set; } = null!;

    /// <summary>Goes where the verdict says.</summary>
    private EventActivityBinder<RolloutSaga, T> Follow<T>(EventActivityBinder<RolloutSaga, T> binder)
        where T : class => binder
        .If(Is<T>(RolloutVerdict.Progress), go => go.TransitionTo(Progressing))
        .If(Is<T>(RolloutVerdict.Advance), go => go.TransitionTo(Progressing))
        .If(Is<T>(RolloutVerdict.Hold), go => go.TransitionTo(AwaitingPromotion))
        .If(Is<T>(RolloutVerdict.Monitor), go => go.TransitionTo(Monitoring))
        .If(Is<T>(RolloutVerdict.Complete), go => go.TransitionTo(Completed))
        .If(Is<T>(RolloutVerdict.Pause), go => go.TransitionTo(Paused))
        .If(Is<T>(RolloutVerdict.RollBack), go => go.TransitionTo(RollingBack))
        .If(Is<T>(RolloutVerdict.Fail), go => go.TransitionTo(Failed));

    private static StateMachineCondition<RolloutSaga, T> Is<T>(RolloutVerdict verdict)
        where T : class => context => context.Saga.Verdict == verdict;

    private static StateMachineCondition<RolloutSaga, RolloutObserved> Is(RolloutVerdict verdict) => Is<RolloutObserved>(verdict);

    private static StateMachineCondition<RolloutSaga, RolloutSteered> Wants(RolloutAction action) =>
        context => context.Saga.Obeys && context.Message.Action == action;
}
