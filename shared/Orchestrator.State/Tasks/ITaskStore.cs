using Orchestrator.Contracts;

namespace Orchestrator.State;

/// <summary>Written by the scheduler alone. Every batch is one round trip.</summary>
public interface ITaskStore
{
    Task<TaskDocument?> FindAsync(string taskId, CancellationToken cancellation);

    /// <summary>Tasks whose id begins so, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<TaskDocument>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellation);

    /// <summary>Missing ones are left out.</summary>
    Task<IReadOnlyList<TaskDocument>> FindManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation);

    /// <summary>Every task of the service that is still stored, finished ones too.</summary>
    Task<IReadOnlyList<TaskDocument>> ListByServiceAsync(string serviceId, CancellationToken cancellation);

    /// <summary>Likewise of many services, in one round trip.</summary>
    Task<IReadOnlyList<TaskDocument>> ListByServicesAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation);

    /// <summary>The node's tasks that are not final.</summary>
    Task<IReadOnlyList<TaskDocument>> ListLiveByNodeAsync(string nodeId, CancellationToken cancellation);

    /// <summary>Likewise of many nodes, in one round trip.</summary>
    Task<IReadOnlyList<TaskDocument>> ListLiveByNodesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    /// <summary>The ids of the tasks that are not final, of each of these nodes that has any. Answered by an index alone.</summary>
    Task<ILookup<string, string>> ListLiveIdsByNodesAsync(IReadOnlyList<string> nodeIds, CancellationToken cancellation);

    /// <summary>All tasks, or those of an application or of one of its services, by application, service, slot and creation.</summary>
    Task<IReadOnlyList<TaskDocument>> ListAsync(string? app, string? service, CancellationToken cancellation);

    /// <summary>The same list, those after a place, at most <paramref name="limit"/>.</summary>
    /// <param name="app">Null: of any application.</param>
    /// <param name="service">Null: of any of its services.</param>
    /// <param name="finalToo">Those that have ended too.</param>
    /// <param name="after">Null: from the beginning.</param>
    /// <param name="limit">The most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<TaskDocument>> PageAsync(string? app, string? service, bool finalToo, TaskPlace? after, int limit, CancellationToken cancellation);

    /// <summary>How many tasks these services have, those that ended too. Answered by an index alone.</summary>
    Task<IReadOnlyList<TaskCount>> CountByServiceAsync(IReadOnlyList<string> serviceIds, CancellationToken cancellation);

    /// <summary>Ids of services that have tasks dirty at or before <paramref name="until"/>.</summary>
    Task<IReadOnlyList<string>> ListDirtyServicesAsync(DateTimeOffset until, int limit, CancellationToken cancellation);

    /// <summary>How many tasks are stored in each state, finished ones too; states without any are left out. Answered by an index alone.</summary>
    Task<IReadOnlyDictionary<TaskState, long>> CountByStateAsync(CancellationToken cancellation);

    /// <summary>Tasks whose instruction is due to be sent again.</summary>
    Task<IReadOnlyList<TaskDocument>> ListInstructDueAsync(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>Stores with version 1. Returns the ids that were there already; those are left as they are.</summary>
    Task<IReadOnlySet<string>> InsertManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation);

    /// <summary>Stores each with its next version. Returns the ids whose stored version was another (or missing); those are left as they are.</summary>
    Task<IReadOnlySet<string>> ReplaceManyAsync(IReadOnlyList<TaskDocument> tasks, CancellationToken cancellation);

    /// <summary>Clears <see cref="TaskDocument.DirtySince"/> of those that still have the version given; the version stays.</summary>
    Task ClearDirtyAsync(IReadOnlyList<(string TaskId, long Version)> tasks, CancellationToken cancellation);

    Task DeleteManyAsync(IReadOnlyList<string> taskIds, CancellationToken cancellation);
}
