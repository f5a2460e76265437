using System.Collections.Concurrent;
using Orchestrator.Contracts;

namespace Orchestrator.Messaging;

/// <summary>A <see cref="PostBudget"/> for each of many.</summary>
public sealed class PostBudgets(TimeProvider time)
{
    private const int Limit = 10_000;
    private readonly long _began = time.GetTimestamp();
    private readonly ConcurrentDictionary<string, PostBudget> _budgets = new();

    /// <returns>False when there is nothing left of its budget in this second.</returns>
    public bool TryUse(string of)
    {
        var now = time.GetElapsedTime(_began);
        if (_budgets.Count >= Limit)
        {
            foreach (var (key, _) in _budgets.Where(budget => now - budget.Value.SecondBegan >= TimeSpan.FromSeconds(1)))
            {
                _budgets.TryRemove(key, out _);
            }
        }

        if (_budgets.GetValueOrDefault(of).Take(now) is not { } left)
        {
            return false;
        }

        _budgets[of] = left;
        return true;
    }
}
