namespace Orchestrator.State;

/// <summary>Written by the health monitor alone.</summary>
public interface INodeLivenessStore
{
    Task<IReadOnlyList<NodeLivenessDocument>> ListAsync(CancellationToken cancellation);

    /// <summary>Inserts or replaces each.</summary>
    Task PutManyAsync(IReadOnlyList<NodeLivenessDocument> documents, CancellationToken cancellation);
}
