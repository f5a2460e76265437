namespace Orchestrator.State;

/// <summary>Makes the database ready for the stores. A host calls it before anything uses a store.</summary>
public interface IStorePreparation
{
    /// <summary>Several processes may do this at once, and again: what is there is left as it is.</summary>
    /// <exception cref="StoreUnavailableException">Not reachable yet: call again.</exception>
    /// <exception cref="InvalidOperationException">The database was written by a newer version, or cannot be used as it is set up.</exception>
    Task PrepareAsync(CancellationToken cancellation);
}
