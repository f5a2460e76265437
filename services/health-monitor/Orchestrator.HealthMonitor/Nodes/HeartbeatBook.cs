using System.Collections.Concurrent;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>The last heartbeat of each node, in memory. The time is ours and monotonic: nodes' clocks differ, and ours may be set.</summary>
internal sealed class HeartbeatBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _last = new();

    public IReadOnlyDictionary<string, Entry> Entries => _last;

    public void Take(NodeHeartbeat beat) => _last.AddOrUpdate(
        beat.NodeId,
        static (_, arg) => new Entry((arg.beat.AgentEpoch, arg.beat.Seq), arg.now, TimeSpan.FromSeconds(arg.beat.IntervalSeconds), arg.beat.Usage),
        static (_, known, arg) => (arg.beat.AgentEpoch, arg.beat.Seq).CompareTo(known.Position) <= 0
            ? known
            : new Entry((arg.beat.AgentEpoch, arg.beat.Seq), arg.now, TimeSpan.FromSeconds(arg.beat.IntervalSeconds), arg.beat.Usage ?? known.Usage),
        (beat, now: time.GetTimestamp()));

    public void Forget(string nodeId) => _last.TryRemove(nodeId, out _);

    /// <param name="Position">Epoch and number of the beat.</param>
    /// <param name="At">The clock's timestamp when it came.</param>
    /// <param name="Interval">When the next was promised.</param>
    /// <param name="Usage">What its containers use, as last told.</param>
    internal sealed record Entry((long Epoch, long Seq) Position, long At, TimeSpan Interval, NodeUsage? Usage);
}
