namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface IAppStore
{
    Task<AppDocument?> FindAsync(string app, CancellationToken cancellation);

    /// <summary>Missing ones are left out.</summary>
    Task<IReadOnlyList<AppDocument>> FindManyAsync(IReadOnlyList<string> apps, CancellationToken cancellation);

    Task<IReadOnlyList<AppDocument>> ListAsync(CancellationToken cancellation);

    /// <summary>Applications whose <see cref="AppDocument.DirtySince"/> is at or before the given time, oldest first.</summary>
    Task<IReadOnlyList<AppDocument>> ListDirtyAsync(DateTimeOffset until, int limit, CancellationToken cancellation);

    /// <summary>Stores with version 1. False when the application is there already.</summary>
    Task<bool> TryInsertAsync(AppDocument document, CancellationToken cancellation);

    /// <summary>Stores with the next version. False when the stored version is not the document's.</summary>
    Task<bool> TryReplaceAsync(AppDocument document, CancellationToken cancellation);
}
