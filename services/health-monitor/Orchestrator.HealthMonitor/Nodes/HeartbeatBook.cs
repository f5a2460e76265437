using System.Collections.Concurrent;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>The last heartbeat of each node, in memory. The time is ours: nodes' clocks differ.</summary>
internal sealed class HeartbeatBook(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Entry> _last = new();

    public IReadOnlyCollection<KeyValuePair<string, Entry>> Entries => _last.ToArray();

    public void Take(NodeHeartbeat beat) => _last.AddOrUpdate(
        beat.NodeId,
        static (_, arg) => new Entry((arg.beat.AgentEpoch, arg.beat.Seq), arg.now, TimeSpan.FromSeconds(arg.beat.IntervalSeconds), arg.beat.Usage),
        static (_, known, arg) => (arg.beat.AgentEpoch, arg.beat.Seq).CompareTo(known.Position) <= 0
            ? known
            : new Entry((arg.beat.AgentEpoch, arg.beat.Seq), arg.now, TimeSpan.FromSeconds(arg.beat.IntervalSeconds), arg.beat.Usage ?? known.Usage),
        (beat, now: time.GetUtcNow()));

    /// <summary>A node known from before this start: its silence counts from now.</summary>
    public void Expect(string nodeId) => _last.TryAdd(nodeId, new Entry((0, 0), time.GetUtcNow(), TimeSpan.Zero, null, Heard: false));

    /// <param name="Position">Epoch and number of the beat.</param>
    /// <param name="At">When it came.</param>
    /// <param name="Interval">When the next was promised.</param>
    /// <param name="Usage">What its containers use, as last told.</param>
    /// <param name="Heard">False for a node that has not been heard of since this start.</param>
    internal sealed record Entry((long Epoch, long Seq) Position, DateTimeOffset At, TimeSpan Interval, NodeUsage? Usage, bool Heard = true);
}
