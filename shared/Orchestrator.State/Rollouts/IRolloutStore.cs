namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface IRolloutStore
{
    Task<RolloutDocument?> FindAsync(string rolloutId, CancellationToken cancellation);

    /// <summary>Missing ones are left out.</summary>
    Task<IReadOnlyList<RolloutDocument>> FindManyAsync(IReadOnlyList<string> rolloutIds, CancellationToken cancellation);

    /// <summary>Newest first; all services when none is named.</summary>
    Task<IReadOnlyList<RolloutDocument>> ListAsync(string? serviceId, CancellationToken cancellation);

    /// <summary>The newest of each service.</summary>
    Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(CancellationToken cancellation);

    /// <summary>The newest of each of these services.</summary>
    Task<IReadOnlyList<RolloutDocument>> ListNewestAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation);

    /// <summary>Those due at or before <paramref name="now"/>, the oldest first.</summary>
    Task<IReadOnlyList<RolloutDocument>> ListDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Stores with version 1. False when it is there already.</summary>
    Task<bool> TryInsertAsync(RolloutDocument document, CancellationToken cancellation);

    /// <summary>As <see cref="TryInsertAsync"/> for each, in one round trip for all.</summary>
    /// <returns>The ids of those that were there already; they are left as they are.</returns>
    Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<RolloutDocument> documents, CancellationToken cancellation);

    /// <summary>Stores with the next version. False when the stored version is not the document's.</summary>
    Task<bool> TryReplaceAsync(RolloutDocument document, CancellationToken cancellation);

    /// <summary>As <see cref="TryReplaceAsync"/> for each, in one round trip for all.</summary>
    /// <returns>The ids of those whose stored version was another; they are left as they are.</returns>
    Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<RolloutDocument> documents, CancellationToken cancellation);

    Task DeleteManyAsync(IReadOnlyList<string> rolloutIds, CancellationToken cancellation);

    Task DeleteAllAsync(string serviceId, CancellationToken cancellation);
}
