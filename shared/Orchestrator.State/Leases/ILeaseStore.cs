namespace Orchestrator.State;

/// <summary>A lease is written by the service that it is for.</summary>
public interface ILeaseStore
{
    Task<LeaseDocument?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Stores with version 1. False when it is there already.</summary>
    Task<bool> TryInsertAsync(LeaseDocument document, CancellationToken cancellation);

    /// <summary>Stores with the next version. False when the stored version is not the document's.</summary>
    Task<bool> TryReplaceAsync(LeaseDocument document, CancellationToken cancellation);
}
