using System.Collections.Concurrent;

namespace Orchestrator.Scheduler.Reconcile;

/// <summary>Services that the sweep has asked for and that no pass here has looked at since: while there is much to do they need not be asked for again and again.</summary>
internal sealed class AskedServices(TimeProvider time)
{
    /// <summary>The message may be lost, or another scheduler may have taken it.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    private const int Limit = 10_000;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _asked = new();

    /// <returns>Whether it is to be asked for now.</returns>
    public bool TryAsk(string serviceId)
    {
        var now = time.GetUtcNow();
        if (_asked.TryGetValue(serviceId, out var at) && now - at < AskAgainAfter)
        {
            return false;
        }

        if (_asked.Count >= Limit)
        {
            // Those that other schedulers have looked at.
            _asked.Clear();
        }

        _asked[serviceId] = now;
        return true;
    }

    public void LookedAt(string serviceId) => _asked.TryRemove(serviceId, out _);
}
