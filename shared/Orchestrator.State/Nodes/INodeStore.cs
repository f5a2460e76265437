namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface INodeStore
{
    /// <summary>With reservations.</summary>
    Task<NodeDocument?> FindAsync(string nodeId, CancellationToken cancellation);

    /// <summary>With reservations. Missing ones are left out.</summary>
    Task<IReadOnlyList<NodeDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    /// <summary>The version of every node, by id: what a reader needs to know which it must read again.</summary>
    Task<IReadOnlyDictionary<string, long>> ListVersionsAsync(CancellationToken cancellation);

    /// <summary>With reservations, by name.</summary>
    Task<IReadOnlyList<NodeDocument>> ListAsync(CancellationToken cancellation);

    /// <summary>Stores with version 1. False when it is there already.</summary>
    Task<bool> TryInsertAsync(NodeDocument document, CancellationToken cancellation);

    /// <summary>Stores all but the reservations, with the next version. False when the stored version is not the document's.</summary>
    Task<bool> TryReplaceAsync(NodeDocument document, CancellationToken cancellation);

    /// <summary>False when the stored version is another, or nothing is stored.</summary>
    Task<bool> TryRemoveAsync(string nodeId, long version, CancellationToken cancellation);

    /// <summary>
    /// Adds and removes reservations in one delta update, with the next version. False, and nothing changed, when the stored version is not
    /// <paramref name="version"/>. The cost does not grow with what is already reserved.
    /// </summary>
    Task<bool> TryReserveAsync(string nodeId, long version, IReadOnlyDictionary<string, Reservation> add, IReadOnlyList<string> remove, CancellationToken cancellation);

    /// <summary>Removes reservations, whatever the version is; the version grows. Idempotent. One round trip for all nodes.</summary>
    Task ReleaseAsync(IReadOnlyList<(string NodeId, string TaskId)> reservations, CancellationToken cancellation);
}
