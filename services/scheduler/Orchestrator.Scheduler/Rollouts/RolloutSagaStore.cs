using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>The rollouts' documents are the saga's instances. Those that messages come for at the same time are read and written together.</summary>
internal sealed class RolloutSagaStore(IRolloutStore rollouts) : ISagaStore<RolloutSaga>
{
    private readonly Together<string, RolloutDocument?> _reads = new(async (ids, cancellation) =>
    {
        var found = (await rollouts.FindManyAsync([.. ids.Distinct()], cancellation)).ToDictionary(rollout => rollout.Id);
        return [.. ids.Select(found.GetValueOrDefault)];
    });

    private readonly Together<RolloutDocument, bool> _writes = Groups.OfReplacements<RolloutDocument>(rollouts.ReplaceManyAsync, rollout => rollout.Id);

    public async Task<RolloutSaga?> FindAsync(Guid id, CancellationToken cancellation) =>
        await _reads.AskAsync(RolloutIds.Of(id), cancellation) is { } found
            ? new RolloutSaga { CorrelationId = id, CurrentState = found.State.ToString(), Document = found }
            : null;

    public Task<bool> TryInsertAsync(RolloutSaga saga, CancellationToken cancellation) => rollouts.TryInsertAsync(saga.Document, cancellation);

    /// <summary>Messages of one rollout take turns, so that it is in no group twice.</summary>
    public Task<bool> TryReplaceAsync(RolloutSaga saga, CancellationToken cancellation) => _writes.AskAsync(saga.Document, cancellation);

    public Task DeleteAsync(RolloutSaga saga, CancellationToken cancellation) => rollouts.DeleteManyAsync([saga.Document.Id], cancellation);
}
