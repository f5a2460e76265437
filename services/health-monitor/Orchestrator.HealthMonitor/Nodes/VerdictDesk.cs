using System.Collections.Concurrent;
using System.Globalization;
using MassTransit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;
using Orchestrator.Messaging;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>Gives verdicts: each is stored with an outbox, then published until it is known to be.</summary>
internal sealed class VerdictDesk(
    HeartbeatBook book, INodeLivenessStore store, INodeStore nodes, BrakeDesk brake, IBus bus, IOptions<HealthMonitorOptions> options, TimeProvider time, ILogger<VerdictDesk> logger)
{
    private static readonly IReadOnlyDictionary<string, double> NoLoads = new Dictionary<string, double>();
    private readonly NodeLivenessThresholds _thresholds = options.Value.Thresholds;
    private readonly ConcurrentQueue<string> _forgotten = new();
    private Dictionary<string, NodeLivenessDocument?> _known = [];

    /// <summary>The machine is no node any more; from the next round on nothing is told of it.</summary>
    public void Forget(string nodeId) => _forgotten.Enqueue(nodeId);

    /// <summary>
    /// Reads what the instance before has left, under the new epoch: what that one still writes is refused from here on. What is stored of no node is
    /// of one that was removed; should it only be about to join, its next heartbeat stores it again.
    /// </summary>
    public async Task TakeOverAsync(long epoch, CancellationToken cancellation)
    {
        var joined = await nodes.ListAsync(cancellation);
        var ids = joined.Select(node => node.Id).ToHashSet();
        var found = (await store.ListAsync(cancellation)).ToLookup(document => ids.Contains(document.Id));
        await store.RemoveManyAsync([.. found[false].Select(document => document.Id)], cancellation);
        var stored = found[true].Select(document => document with { Epoch = epoch }).ToList();
        var refused = await store.PutManyAsync(stored, cancellation);
        _known = joined.ToDictionary(node => node.Id, _ => (NodeLivenessDocument?)null);
        foreach (var document in stored.Where(document => !refused.Contains(document.Id)))
        {
            _known[document.Id] = document;
        }
    }

    /// <summary>No node is silent of which a longer silence would tell anything.</summary>
    public bool EverybodyIsHeard()
    {
        var (now, at) = (time.GetUtcNow(), time.GetTimestamp());
        return book.Entries.Select(heard => heard.Key)
            .Concat(_known.Keys.Where(nodeId => !book.Entries.ContainsKey(nodeId)))
            .All(nodeId => !NodeLivenessEvaluator.NeedsProof(Signal(nodeId, now, at), _thresholds));
    }

    /// <param name="epoch">Of the lease.</param>
    /// <param name="listening">How long heartbeats could be heard.</param>
    /// <param name="heardAt">The clock's timestamp up to which they could: silence counts up to there, whatever holds the process up after it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task DecideAsync(long epoch, Listening listening, long heardAt, CancellationToken cancellation)
    {
        await RemoveForgottenAsync(cancellation);
        foreach (var (nodeId, _) in book.Entries)
        {
            _known.TryAdd(nodeId, null);
        }

        var now = time.GetUtcNow();
        var found = await brake.ApplyAsync([.. _known.Keys.Select(nodeId => Find(nodeId, listening, now, heardAt))], now, cancellation);
        await SaveAsync([.. found.Select(node => Next(node, epoch, listening, now)).OfType<NodeLivenessDocument>()], cancellation);
        await PublishAsync(cancellation);
    }

    private FoundNode Find(string nodeId, Listening listening, DateTimeOffset now, long heardAt)
    {
        var signal = Signal(nodeId, now, heardAt);
        return new FoundNode(nodeId, signal, _known[nodeId]?.ChangedAt, _known[nodeId]?.HeldUntil is not null, NodeLivenessEvaluator.Next(signal, listening, _thresholds));
    }

    private async Task RemoveForgottenAsync(CancellationToken cancellation)
    {
        var forgotten = _forgotten.ToHashSet();
        if (forgotten.Count == 0)
        {
            return;
        }

        await store.RemoveManyAsync([.. forgotten], cancellation);
        foreach (var nodeId in forgotten)
        {
            _known.Remove(nodeId);
        }

        // One that was told meanwhile comes with the next round.
        while (_forgotten.TryPeek(out var nodeId) && forgotten.Contains(nodeId))
        {
            _forgotten.TryDequeue(out _);
        }
    }

    private async Task SaveAsync(IReadOnlyList<NodeLivenessDocument> changed, CancellationToken cancellation)
    {
        if (changed.Count == 0)
        {
            return;
        }

        var refused = await store.PutManyAsync(changed, cancellation);
        if (refused.Count > 0)
        {
            Log.VerdictsOutdated(logger, refused.Count);
        }

        foreach (var document in changed.Where(document => !refused.Contains(document.Id)))
        {
            if (_known[document.Id]?.Liveness != document.Liveness)
            {
                MonitorMetrics.VerdictGiven(document.Liveness);
                Log.NodeLivenessChanged(logger, document.Id, document.Liveness.ToString(), document.Reason);
            }

            _known[document.Id] = document;
        }
    }

    private async Task PublishAsync(CancellationToken cancellation)
    {
        var waiting = _known.Values.OfType<NodeLivenessDocument>().Where(document => document.Outbox.Count > 0).ToList();
        if (waiting.Count == 0)
        {
            return;
        }

        using var limit = new CancellationTokenSource(options.Value.PublishTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await bus.PublishManyAsync([.. waiting.SelectMany(document => document.Outbox.Select(verdict => VerdictEvents.Of(document.Id, verdict)))], either.Token);
        await SaveAsync([.. waiting.Select(document => document with { Outbox = [] })], cancellation);
    }

    /// <returns>Null when there is nothing to store.</returns>
    private NodeLivenessDocument? Next(FoundNode node, long epoch, Listening listening, DateTimeOffset now)
    {
        var (nodeId, signal, liveness) = (node.Id, node.Signal, node.Liveness);
        var known = _known[nodeId];
        var entry = book.Entries.GetValueOrDefault(nodeId);
        var lastSeenAt = entry is not null ? now - time.GetElapsedTime(entry.At) : known?.LastSeenAt ?? now;
        var isVerdict = liveness != (known?.Liveness ?? NodeLiveness.Ready);
        var isDue = known is null ? entry is not null : lastSeenAt - known.LastSeenAt >= options.Value.StoreEvery || node.HeldUntil != known.HeldUntil;
        if (!isVerdict && !isDue)
        {
            return null;
        }

        var seen = (known ?? New(nodeId, now)) with
        {
            Epoch = epoch,
            LastSeenAt = lastSeenAt,
            IntervalSeconds = signal.Interval.TotalSeconds,
            Usage = entry?.Usage ?? known?.Usage,
            Loads = entry?.Loads ?? known?.Loads ?? NoLoads,
            HeldUntil = node.HeldUntil,
        };
        return isVerdict ? WithVerdict(seen, liveness, signal, listening, now) : seen;
    }

    private NodeSignal Signal(string nodeId, DateTimeOffset now, long heardAt)
    {
        var known = _known.GetValueOrDefault(nodeId);
        var entry = book.Entries.GetValueOrDefault(nodeId);
        return new NodeSignal
        {
            Known = known?.Liveness,
            KnownFor = known is null ? TimeSpan.Zero : now - known.ChangedAt,
            SilentFor = entry is null ? null : time.GetElapsedTime(entry.At, Math.Max(entry.At, heardAt)),
            Interval = entry?.Interval ?? TimeSpan.FromSeconds(known?.IntervalSeconds ?? 0),
            Lateness = entry?.Lateness ?? TimeSpan.Zero,
            Disconnected = entry?.IsDisconnected ?? false,
        };
    }

    private static NodeLivenessDocument New(string nodeId, DateTimeOffset now) => new() { Id = nodeId, Version = 1, Liveness = NodeLiveness.Ready, LastSeenAt = now, ChangedAt = now };

    private NodeLivenessDocument WithVerdict(NodeLivenessDocument seen, NodeLiveness liveness, NodeSignal signal, Listening listening, DateTimeOffset now)
    {
        var silence = NodeLivenessEvaluator.CountedSilence(signal, listening, _thresholds);
        var reason = liveness switch
        {
            NodeLiveness.Ready => string.Create(CultureInfo.InvariantCulture, $"its heartbeats come again, {(now - seen.ChangedAt).TotalSeconds:0.0} s after it was found {Lower(seen.Liveness)}"),
            NodeLiveness.Down => string.Create(CultureInfo.InvariantCulture, $"it was lost for {signal.KnownFor.TotalHours:0.#} h"),
            NodeLiveness.Suspect when signal.Disconnected => "the broker says that its connection closed",
            _ => string.Create(CultureInfo.InvariantCulture, $"no heartbeat for {silence.TotalSeconds:0.0} s"),
        };
        var verdict = new NodeVerdict
        {
            EventId = NewId.NextGuid().ToString("N"),
            Liveness = liveness,
            Version = seen.Version + 1,
            Epoch = seen.Epoch,
            At = now,
            Since = seen.LastSeenAt,
            Reason = reason,
        };
        return seen with { Version = verdict.Version, Liveness = liveness, Reason = reason, ChangedAt = now, Outbox = [.. seen.Outbox, verdict] };
    }

    private static string Lower(NodeLiveness liveness) => liveness.ToString().ToLowerInvariant();
}
