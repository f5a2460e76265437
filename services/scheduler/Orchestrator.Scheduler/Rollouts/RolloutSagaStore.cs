using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>The rollouts' documents are the saga's instances.</summary>
internal sealed class RolloutSagaStore(IRolloutStore rollouts) : ISagaStore<RolloutSaga>
{
    public async Task<RolloutSaga?> FindAsync(Guid id, CancellationToken cancellation) =>
        await rollouts.FindAsync(RolloutIds.Of(id), cancellation) is { } found
            ? new RolloutSaga { CorrelationId = id, CurrentState = found.State.ToString(), Document = found }
            : null;

    public Task<bool> TryInsertAsync(RolloutSaga saga, CancellationToken cancellation) => rollouts.TryInsertAsync(saga.Document, cancellation);

    public Task<bool> TryReplaceAsync(RolloutSaga saga, CancellationToken cancellation) => rollouts.TryReplaceAsync(saga.Document, cancellation);

    public Task DeleteAsync(RolloutSaga saga, CancellationToken cancellation) => rollouts.DeleteManyAsync([saga.Document.Id], cancellation);
}
