namespace Orchestrator.State;

/// <summary>Written by the health monitor alone.</summary>
public interface INodeLivenessStore
{
    Task<IReadOnlyList<NodeLivenessDocument>> ListAsync(CancellationToken cancellation);

    /// <summary>Missing ones are left out.</summary>
    Task<IReadOnlyList<NodeLivenessDocument>> FindManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    Task RemoveManyAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    /// <summary>Inserts or replaces each. Returns the ids of those that are stored with a greater epoch; they are left as they are.</summary>
    Task<IReadOnlySet<string>> PutManyAsync(IReadOnlyList<NodeLivenessDocument> documents, CancellationToken cancellation);
}
