namespace Orchestrator.State;

/// <summary>Written by the scheduler alone.</summary>
public interface IServiceStore
{
    Task<ServiceDocument?> FindAsync(string serviceId, CancellationToken cancellation);

    /// <summary>Missing ones are left out.</summary>
    Task<IReadOnlyList<ServiceDocument>> FindManyAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation);

    /// <summary>All services, or those of one application, by application and name.</summary>
    Task<IReadOnlyList<ServiceDocument>> ListAsync(string? app, CancellationToken cancellation);

    /// <summary>Those of these applications, and all that keep services of other applications away; in the same order.</summary>
    Task<IReadOnlyList<ServiceDocument>> ListBesideAsync(IReadOnlyList<string> apps, CancellationToken cancellation);

    /// <summary>The same list, those after a place, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<ServiceDocument>> PageAsync(string? app, (string App, string Name, string Id)? after, int limit, CancellationToken cancellation);

    /// <summary>Services dirty at or before <paramref name="until"/> or due at or before <paramref name="now"/>.</summary>
    Task<IReadOnlyList<ServiceDocument>> ListWaitingAsync(DateTimeOffset until, DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Services with tasks that found no node.</summary>
    Task<IReadOnlyList<ServiceDocument>> ListUnschedulableAsync(CancellationToken cancellation);

    /// <summary>Those of these applications, and all with tasks that found no node; in the same order.</summary>
    Task<IReadOnlyList<ServiceDocument>> ListWithUnschedulableAsync(IReadOnlyList<string> apps, CancellationToken cancellation);

    /// <summary>Stores with version 1. False when it is there already.</summary>
    Task<bool> TryInsertAsync(ServiceDocument document, CancellationToken cancellation);

    /// <summary>As <see cref="TryInsertAsync"/> for each, in one round trip for all.</summary>
    /// <returns>The ids of those that were there already; they are left as they are.</returns>
    Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<ServiceDocument> documents, CancellationToken cancellation);

    /// <summary>Stores with the next version. False when the stored version is not the document's.</summary>
    Task<bool> TryReplaceAsync(ServiceDocument document, CancellationToken cancellation);

    /// <summary>As <see cref="TryReplaceAsync"/> for each, in one round trip for all.</summary>
    /// <returns>The ids of those whose stored version was another; they are left as they are.</returns>
    Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<ServiceDocument> documents, CancellationToken cancellation);

    /// <summary>False when the stored version is not the given one.</summary>
    Task<bool> TryDeleteAsync(string serviceId, long version, CancellationToken cancellation);
}
