using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>The last heartbeat of each node, in memory. The time is ours and monotonic: nodes' clocks differ, and ours may be set.</summary>
internal sealed class HeartbeatBook
{
    /// <summary>A node that is silent for longer is held for lost by then, and counted as such; its age would hide the others'.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, HeartbeatEntry> _last = new();
    private readonly TimeProvider _time;
    private long _heardAt;

    public HeartbeatBook(IMeterFactory meters, TimeProvider time)
    {
        (_time, _heardAt) = (time, time.GetTimestamp());
        meters.Create(MonitorMetrics.MeterName).CreateObservableGauge(
            "orchestrator_heartbeat_age_seconds", () => OldestAge().TotalSeconds, "s", "The longest silence of a node that was heard of in the last minute.");
    }

    public IReadOnlyDictionary<string, HeartbeatEntry> Entries => _last;

    /// <summary>The clock's timestamp when the last heartbeat of any node came; the start, when none has.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    public void Take(NodeHeartbeat beat)
    {
        var now = _time.GetTimestamp();
        Volatile.Write(ref _heardAt, now);
        _last.AddOrUpdate(beat.NodeId, static (_, arg) => HeartbeatEntry.First(arg.beat, arg.now), static (_, known, arg) => known.Next(arg.beat, arg.now, arg.Item3), (beat, now, _time));
    }

    /// <summary>The broker says that the node's connection is closed.</summary>
    public void Disconnected(string nodeId)
    {
        if (_last.TryGetValue(nodeId, out var known))
        {
            _last.TryUpdate(nodeId, known with { IsDisconnected = true }, known);
        }
    }

    public void Forget(string nodeId) => _last.TryRemove(nodeId, out _);

    private TimeSpan OldestAge() => _last.Values
        .Select(entry => _time.GetElapsedTime(entry.At))
        .Where(age => age <= LongestSilence)
        .DefaultIfEmpty()
        .Max();
}
