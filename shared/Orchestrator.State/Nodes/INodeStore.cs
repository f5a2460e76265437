namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface INodeStore
{
    /// <summary>With reservations.</summary>
    Task<NodeDocument?> FindAsync(string nodeId, CancellationToken cancellation);

    /// <summary>With reservations. Missing ones are left out.</summary>
    Task<IReadOnlyList<NodeDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    /// <summary>With reservations. Names need not be unique.</summary>
    Task<IReadOnlyList<NodeDocument>> FindByNameAsync(string name, CancellationToken cancellation);

    /// <summary>By id, without looking at anything else of them. Missing ones are left out.</summary>
    Task<IReadOnlyDictionary<string, string>> FindNamesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    /// <summary>By name and id: those after a place, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<ReservedNode>> PageAsync((string Name, string Id)? after, int limit, CancellationToken cancellation);

    /// <summary>The version of every node, by id: what a reader needs to know which it must read again.</summary>
    Task<IReadOnlyDictionary<string, long>> ListVersionsAsync(CancellationToken cancellation);

    /// <summary>With reservations, by name.</summary>
    Task<IReadOnlyList<NodeDocument>> ListAsync(CancellationToken cancellation);

    /// <summary>Stores with version 1. False when it is there already.</summary>
    Task<bool> TryInsertAsync(NodeDocument document, CancellationToken cancellation);

    /// <summary>Stores all but the reservations, with the next version. False when the stored version is not the document's.</summary>
    Task<bool> TryReplaceAsync(NodeDocument document, CancellationToken cancellation);

    /// <summary>Its agent's epoch stays known for a week. False when the stored version is not the document's, or nothing is stored.</summary>
    Task<bool> TryRemoveAsync(NodeDocument document, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>The epoch of the agent it had when it was last removed. Null: it was not, or long ago.</summary>
    Task<long?> FindRemovedEpochAsync(string nodeId, CancellationToken cancellation);

    /// <summary>
    /// Adds and removes reservations in one delta update, with the next version. False, and nothing changed, when the stored version is not
    /// <paramref name="version"/>. The cost does not grow with what is already reserved.
    /// </summary>
    Task<bool> TryReserveAsync(string nodeId, long version, IReadOnlyDictionary<string, Reservation> add, IReadOnlyList<string> remove, CancellationToken cancellation);

    /// <summary>As <see cref="TryReserveAsync"/> for each node, each for itself, in one round trip for all.</summary>
    /// <returns>The ids of nodes whose stored version was another; nothing changed there.</returns>
    Task<IReadOnlySet<string>> ReserveManyAsync(IReadOnlyList<ReservationChange> changes, CancellationToken cancellation);

    /// <summary>Removes reservations, whatever the version is; the version grows. Idempotent. One round trip for all nodes.</summary>
    Task ReleaseAsync(IReadOnlyList<(string NodeId, string TaskId)> reservations, CancellationToken cancellation);
}
