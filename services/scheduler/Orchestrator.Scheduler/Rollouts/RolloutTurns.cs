using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>What comes for one rollout is taken one after another in this process: side by side it would only conflict and be tried again.</summary>
internal static class RolloutTurns
{
    /// <summary>Rollouts at the same time.</summary>
    public const int AtOnce = 64;

    public static void Take(ISagaConfigurator<RolloutSaga> saga, IPartitioner turns)
    {
        saga.Message<RolloutObserved>(message => message.UsePartitioner(turns, context => RolloutIds.Correlation(context.Message.RolloutId)));
        saga.Message<RolloutDue>(message => message.UsePartitioner(turns, context => RolloutIds.Correlation(context.Message.RolloutId)));
        saga.Message<RolloutOvertaken>(message => message.UsePartitioner(turns, context => RolloutIds.Correlation(context.Message.RolloutId)));
        saga.Message<RolloutSteered>(message => message.UsePartitioner(turns, context => RolloutIds.Correlation(context.Message.RolloutId)));
        saga.Message<RollbackEnded>(message => message.UsePartitioner(turns, context => RolloutIds.Correlation(context.Message.RolloutId)));
        saga.Message<RolloutTold>(message => message.UsePartitioner(turns, context => RolloutIds.Correlation(context.Message.RolloutId)));
    }
}
