using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Orchestrator.Scheduler.Domain.Placement;

/// <summary>
/// A dictionary in one array, in which a key is looked for from where its hash points to. Among thousands of nodes each look is at memory that no
/// processor's cache holds: this looks at two places where the framework's dictionary looks at six. In no order.
/// </summary>
internal sealed class FlatTable<TValue> : IReadOnlyDictionary<string, TValue>
{
    private const int Smallest = 4;
    private Entry[] _entries;

    public FlatTable() => _entries = new Entry[Smallest];

    public FlatTable(FlatTable<TValue> other) => (_entries, Count) = ((Entry[])other._entries.Clone(), other.Count);

    public int Count { get; private set; }

    public IEnumerable<string> Keys => this.Select(entry => entry.Key);

    public IEnumerable<TValue> Values => this.Select(entry => entry.Value);

    public TValue this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    public bool ContainsKey(string key) => _entries[Find(key, HashOf(key))].Key is not null;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TValue value)
    {
        ref var entry = ref _entries[Find(key, HashOf(key))];
        value = entry.Value;
        return entry.Key is not null;
    }

    /// <summary>To be written to at once: the next change may move it.</summary>
    public ref TValue ValueOrNew(string key, out bool isThere)
    {
        var hash = HashOf(key);
        var at = Find(key, hash);
        isThere = _entries[at].Key is not null;
        if (!isThere)
        {
            if (4 * (Count + 1) > 3 * _entries.Length)
            {
                Grow();
                at = Find(key, hash);
            }

            _entries[at] = new Entry { Key = key, Hash = hash };
            Count++;
        }

        return ref _entries[at].Value;
    }

    public bool Remove(string key, [MaybeNullWhen(false)] out TValue value)
    {
        var hole = Find(key, HashOf(key));
        value = _entries[hole].Value;
        if (_entries[hole].Key is null)
        {
            return false;
        }

        // What was put further on because this place was taken comes nearer, or it would not be found any more.
        var mask = _entries.Length - 1;
        for (var at = (hole + 1) & mask; _entries[at].Key is not null; at = (at + 1) & mask)
        {
            if (((at - _entries[at].Hash) & mask) >= ((at - hole) & mask))
            {
                _entries[hole] = _entries[at];
                hole = at;
            }
        }

        _entries[hole] = default;
        Count--;
        return true;
    }

    public Enumerator GetEnumerator() => new(_entries);

    IEnumerator<KeyValuePair<string, TValue>> IEnumerable<KeyValuePair<string, TValue>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int HashOf(string key) => string.GetHashCode(key, StringComparison.Ordinal);

    /// <returns>Where it is, or would be.</returns>
    private int Find(string key, int hash)
    {
        var entries = _entries;
        var at = hash & (entries.Length - 1);
        while (entries[at].Key is { } found && !(entries[at].Hash == hash && found == key))
        {
            at = (at + 1) & (entries.Length - 1);
        }

        return at;
    }

    private void Grow()
    {
        var before = _entries;
        _entries = new Entry[2 * before.Length];
        foreach (var entry in before)
        {
            if (entry.Key is not null)
            {
                _entries[Find(entry.Key, entry.Hash)] = entry;
            }
        }
    }

    /// <summary>Over the entries as they were.</summary>
    public struct Enumerator : IEnumerator<KeyValuePair<string, TValue>>
    {
        private readonly Entry[] _entries;
        private int _at = -1;

        internal Enumerator(Entry[] entries) => _entries = entries;

        public readonly KeyValuePair<string, TValue> Current => new(_entries[_at].Key!, _entries[_at].Value);

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            while (++_at < _entries.Length)
            {
                if (_entries[_at].Key is not null)
                {
                    return true;
                }
            }

            return false;
        }

        public void Reset() => _at = -1;

        public readonly void Dispose()
        {
        }
    }

    internal struct Entry
    {
        public string? Key;
        public TValue Value;
        public int Hash;
    }
}
