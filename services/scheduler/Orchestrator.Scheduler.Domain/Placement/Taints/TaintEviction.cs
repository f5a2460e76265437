using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Domain.Placement.Taints;

public static class TaintEviction
{
    /// <param name="taints">The node's, each with the time at which it came.</param>
    /// <returns>When a task has to leave the node, and for which taint; null: it may stay.</returns>
    public static (DateTimeOffset At, Taint For)? Of(IEnumerable<(Taint Taint, DateTimeOffset Since)> taints, IReadOnlyList<Toleration> tolerations)
    {
        (DateTimeOffset At, Taint For)? first = null;
        foreach (var (taint, since) in taints.Where(entry => entry.Taint.Effect == TaintEffect.NoExecute))
        {
            var covering = tolerations.Where(toleration => toleration.Covers(taint)).ToList();
            if (covering.Exists(toleration => toleration.Seconds is null))
            {
                continue;
            }

            var at = since + TimeSpan.FromSeconds(covering.Max(toleration => toleration.Seconds) ?? 0);
            if (first is null || at < first.Value.At)
            {
                first = (at, taint);
            }
        }

        return first;
    }
}
