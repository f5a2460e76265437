using Orchestrator.State;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>What passes over several services store at the same time is stored together: one round trip for all that queued up during the one before.</summary>
internal sealed class PassWrites(ITaskStore tasks, IServiceStore services)
{
    /// <summary>A service may have thousands of tasks.</summary>
    private const int ServicesOfAWrite = 16;

    private readonly Together<IReadOnlyList<TaskDocument>, IReadOnlySet<string>> _inserts = new(
        (lists, cancellation) => EachAsync(lists, tasks.InsertManyAsync, cancellation), limit: ServicesOfAWrite);

    private readonly Together<IReadOnlyList<TaskDocument>, IReadOnlySet<string>> _replacements = new(
        (lists, cancellation) => EachAsync(lists, tasks.ReplaceManyAsync, cancellation), limit: ServicesOfAWrite);

    private readonly Together<IReadOnlyList<(string TaskId, long Version)>, bool> _cleared = new(
        async (lists, cancellation) =>
        {
            await tasks.ClearDirtyAsync([.. lists.SelectMany(list => list)], cancellation);
            return new bool[lists.Count];
        },
        limit: ServicesOfAWrite);

    private readonly Together<ServiceDocument, bool> _services = Groups.OfReplacements<ServiceDocument>(services.ReplaceManyAsync, service => service.Id);

    /// <inheritdoc cref="ITaskStore.InsertManyAsync"/>
    public Task<IReadOnlySet<string>> InsertAsync(IReadOnlyList<TaskDocument> created, CancellationToken cancellation) =>
        created.Count > 0 ? _inserts.AskAsync(created, cancellation) : NothingLost;

    /// <inheritdoc cref="ITaskStore.ReplaceManyAsync"/>
    public Task<IReadOnlySet<string>> ReplaceAsync(IReadOnlyList<TaskDocument> replaced, CancellationToken cancellation) =>
        replaced.Count > 0 ? _replacements.AskAsync(replaced, cancellation) : NothingLost;

    /// <inheritdoc cref="ITaskStore.ClearDirtyAsync"/>
    public Task ClearDirtyAsync(IReadOnlyList<(string TaskId, long Version)> seen, CancellationToken cancellation) =>
        seen.Count > 0 ? _cleared.AskAsync(seen, cancellation) : Task.CompletedTask;

    /// <inheritdoc cref="IServiceStore.TryReplaceAsync"/>
    public Task<bool> TryReplaceAsync(ServiceDocument service, CancellationToken cancellation) => _services.AskAsync(service, cancellation);

    private static async Task<IReadOnlyList<IReadOnlySet<string>>> EachAsync(
        IReadOnlyList<IReadOnlyList<TaskDocument>> lists, Func<IReadOnlyList<TaskDocument>, CancellationToken, Task<IReadOnlySet<string>>> write, CancellationToken cancellation)
    {
        var all = lists.SelectMany(list => list).ToList();
        if (all.DistinctBy(task => task.Id).Count() < all.Count)
        {
            // Two passes want the same task: who is first must learn that it was.
            var apart = new List<IReadOnlySet<string>>();
            foreach (var list in lists)
            {
                apart.Add(await write(list, cancellation));
            }

            return apart;
        }

        var lost = await write(all, cancellation);
        return [.. lists.Select(list => lost.Count == 0 ? lost : list.Select(task => task.Id).Where(lost.Contains).ToHashSet())];
    }

    private static Task<IReadOnlySet<string>> NothingLost { get; } = Task.FromResult<IReadOnlySet<string>>(new HashSet<string>());
}
