namespace Orchestrator.Scheduler.Domain.Placement.Ranking;

/// <summary>Knows the greatest of many values, the first of equals. A change costs log n at most.</summary>
internal sealed class MaxTree
{
    public const long None = long.MinValue;

    private readonly long[] _values;
    private readonly int[] _winners;
    private readonly int _size;

    public MaxTree(long[] values)
    {
        _size = 1;
        while (_size < values.Length)
        {
            _size *= 2;
        }

        _values = new long[_size];
        Array.Fill(_values, None);
        values.CopyTo(_values, 0);
        _winners = new int[_size * 2];
        for (var i = 0; i < _size; i++)
        {
            _winners[_size + i] = i;
        }

        for (var i = _size - 1; i > 0; i--)
        {
            _winners[i] = Winner(i);
        }
    }

    /// <summary>Where the greatest is.</summary>
    public int Top => _winners[1];

    public long this[int at]
    {
        get => _values[at];
        set
        {
            if (_values[at] == value)
            {
                return;
            }

            _values[at] = value;
            for (var i = (_size + at) / 2; i > 0; i /= 2)
            {
                var before = _winners[i];
                _winners[i] = Winner(i);
                if (before != at && _winners[i] != at)
                {
                    // Another was the first here and still is: above, nothing has changed.
                    return;
                }
            }
        }
    }

    private int Winner(int i)
    {
        var (left, right) = (_winners[2 * i], _winners[(2 * i) + 1]);
        return _values[right] > _values[left] ? right : left;
    }
}
