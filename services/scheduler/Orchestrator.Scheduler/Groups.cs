namespace Orchestrator.Scheduler;

/// <summary>What several do <see cref="Together{TItem, TResult}"/> with a store.</summary>
internal static class Groups
{
    /// <summary>Each is told whether it is the one that was inserted.</summary>
    /// <param name="insert">Returns the ids of those that were there.</param>
    /// <param name="id">Of a document.</param>
    public static Together<T, bool> OfInserts<T>(Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlySet<string>>> insert, Func<T, string> id)
        where T : class => new(async (documents, cancellation) =>
        {
            // Who follows the same command at the same time comes second.
            var first = documents.DistinctBy(id).ToList();
            var there = await insert(first, cancellation);
            return [.. documents.Select(document => !there.Contains(id(document)) && first.Any(one => ReferenceEquals(one, document)))];
        });

    /// <summary>Each is told whether it was at the version that it replaces.</summary>
    /// <param name="replace">Returns the ids of those that were not.</param>
    /// <param name="id">Of a document; none comes twice at the same time.</param>
    public static Together<T, bool> OfReplacements<T>(Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlySet<string>>> replace, Func<T, string> id) => new(async (documents, cancellation) =>
    {
        var lost = await replace(documents, cancellation);
        return [.. documents.Select(document => !lost.Contains(id(document)))];
    });

    /// <summary>Whoever asks at the same time gets the same answer.</summary>
    public static Together<bool, T> OfOneAnswer<T>(Func<CancellationToken, Task<T>> read) => new(async (asked, cancellation) =>
    {
        var found = await read(cancellation);
        return [.. asked.Select(_ => found)];
    });
}
