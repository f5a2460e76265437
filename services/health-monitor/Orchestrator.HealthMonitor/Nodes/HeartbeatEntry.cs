using Orchestrator.Contracts;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>The last heartbeat of a node, and how regularly they came lately.</summary>
/// <param name="Position">Epoch and number of the beat.</param>
/// <param name="At">The clock's timestamp when it came.</param>
/// <param name="Interval">When the next was promised.</param>
/// <param name="Usage">What its containers use, as last told.</param>
/// <param name="Loads">What its applications posted as their load, as last told.</param>
internal sealed record HeartbeatEntry((long Epoch, long Seq) Position, long At, TimeSpan Interval, NodeUsage? Usage, IReadOnlyDictionary<string, double>? Loads)
{
    /// <summary>Lateness is remembered for one to two of these.</summary>
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(30);

    /// <summary>Whoever is later than this was away, which says nothing of how regularly it beats.</summary>
    private static readonly TimeSpan LongestLateness = TimeSpan.FromSeconds(3);

    private long SpanAt { get; init; } = At;
    private TimeSpan Worst { get; init; }
    private TimeSpan WorstBefore { get; init; }

    public bool IsDisconnected { get; init; }

    public TimeSpan Lateness => Worst > WorstBefore ? Worst : WorstBefore;

    public static HeartbeatEntry First(NodeHeartbeat beat, long now) =>
        new((beat.AgentEpoch, beat.Seq), now, TimeSpan.FromSeconds(beat.IntervalSeconds), beat.Usage, beat.Loads);

    public HeartbeatEntry Next(NodeHeartbeat beat, long now, TimeProvider time)
    {
        if ((beat.AgentEpoch, beat.Seq).CompareTo(Position) <= 0)
        {
            return this;
        }

        var late = time.GetElapsedTime(At, now) - Interval;
        var counts = beat.AgentEpoch == Position.Epoch && late > TimeSpan.Zero && late <= LongestLateness;
        var isNewSpan = time.GetElapsedTime(SpanAt, now) > Span;
        var (worst, before) = isNewSpan ? (TimeSpan.Zero, Worst) : (Worst, WorstBefore);
        return new HeartbeatEntry((beat.AgentEpoch, beat.Seq), now, TimeSpan.FromSeconds(beat.IntervalSeconds), beat.Usage ?? Usage, beat.Loads ?? Loads)
        {
            SpanAt = isNewSpan ? now : SpanAt,
            Worst = counts && late > worst ? late : worst,
            WorstBefore = before,
        };
    }
}
