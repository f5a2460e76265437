using System.Collections.Concurrent;

namespace Orchestrator.State.Sqlite;

/// <summary>
/// Task documents as they were last read or written, so that one whose version is still that need not be read from its JSON again. Only what the
/// database itself says of a task's version counts: what is kept here may be old or missing.
/// </summary>
internal sealed class SqliteTaskCache
{
    private const int Limit = 50_000;
    private readonly ConcurrentDictionary<string, TaskDocument> _known = new();
    private int _kept;

    /// <returns>Null when that version is not kept. An id may come again with another task: that one has another time of creation.</returns>
    public TaskDocument? Find(string id, long version, long createdAt) =>
        _known.TryGetValue(id, out var known) && known.Version == version && Columns.Ticks(known.CreatedAt) == createdAt ? known : null;

    public void Keep(TaskDocument task)
    {
        if (_known.TryAdd(task.Id, task))
        {
            if (Interlocked.Increment(ref _kept) > Limit)
            {
                _known.Clear();
                Interlocked.Exchange(ref _kept, 0);
            }
        }
        else
        {
            _known[task.Id] = task;
        }
    }
}
