using System.Collections.Concurrent;

namespace Orchestrator.Benchmarks;

/// <summary>How many requests there were, and what was wrong with those that failed.</summary>
internal sealed class Answers
{
    private readonly Lock _gate = new();
    private int _requests;

    public int Requests
    {
        get => _requests;
        set => _requests = value;
    }

    public ConcurrentDictionary<string, int> Failures { get; set; } = new();

    /// <summary>When the first that failed was asked; null when none has.</summary>
    public DateTimeOffset? FirstFailedAt { get; set; }

    /// <summary>When the last that failed was asked.</summary>
    public DateTimeOffset? LastFailedAt { get; set; }

    /// <param name="askedAt">When it was asked.</param>
    /// <param name="failure">Null where the answer was good.</param>
    public void Add(DateTimeOffset askedAt, string? failure)
    {
        Interlocked.Increment(ref _requests);
        if (failure is null)
        {
            return;
        }

        Failures.AddOrUpdate(failure, 1, (_, count) => count + 1);
        lock (_gate)
        {
            FirstFailedAt = FirstFailedAt < askedAt ? FirstFailedAt : askedAt;
            LastFailedAt = LastFailedAt > askedAt ? LastFailedAt : askedAt;
        }
    }
}
