using System.Collections.Concurrent;

namespace Orchestrator.Benchmarks;

/// <summary>How many requests there were, and what was wrong with those that failed.</summary>
internal sealed class Answers
{
    private int _requests;

    public int Requests
    {
        get => _requests;
        set => _requests = value;
    }

    public ConcurrentDictionary<string, int> Failures { get; set; } = new();

    /// <param name="failure">Null where the answer was good.</param>
    public void Add(string? failure)
    {
        Interlocked.Increment(ref _requests);
        if (failure is not null)
        {
            Failures.AddOrUpdate(failure, 1, (_, count) => count + 1);
        }
    }
}
