using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>Where the instances of a saga are kept. Each has a version; a write names the version it read.</summary>
public interface ISagaStore<TSaga>
    where TSaga : class, SagaStateMachineInstance
{
    Task<TSaga?> FindAsync(Guid id, CancellationToken cancellation);

    /// <summary>False when it is there already.</summary>
    Task<bool> TryInsertAsync(TSaga saga, CancellationToken cancellation);

    /// <summary>False when what is stored is not the version that was read.</summary>
    Task<bool> TryReplaceAsync(TSaga saga, CancellationToken cancellation);

    Task DeleteAsync(TSaga saga, CancellationToken cancellation);
}
