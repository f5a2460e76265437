using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.HealthMonitor.Domain.Nodes;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>Looks at the heartbeats and stores what changed. Nodes known from before get a full window to be heard.</summary>
internal sealed class LivenessKeeper(
    HeartbeatBook book, INodeLivenessStore store, IOptions<HealthMonitorOptions> options, TimeProvider time, ILogger<LivenessKeeper> logger) : BackgroundService
{
    private readonly Dictionary<string, NodeLivenessDocument> _stored = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        var started = false;
        do
        {
            try
            {
                if (!started)
                {
                    await LoadAsync(stoppingToken);
                    started = true;
                }

                await KeepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.EvaluationFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        foreach (var document in await store.ListAsync(cancellation))
        {
            _stored[document.Id] = document;
            book.Expect(document.Id);
        }
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var changed = book.Entries.Select(entry => Next(entry.Key, entry.Value, now)).OfType<NodeLivenessDocument>().ToList();
        if (changed.Count == 0)
        {
            return;
        }

        await store.PutManyAsync(changed, cancellation);
        foreach (var document in changed)
        {
            if (_stored.GetValueOrDefault(document.Id)?.Liveness != document.Liveness)
            {
                Log.NodeLivenessChanged(logger, document.Id, document.Liveness.ToString());
            }

            _stored[document.Id] = document;
        }
    }

    /// <returns>Null when there is nothing to store.</returns>
    private NodeLivenessDocument? Next(string nodeId, HeartbeatBook.Entry entry, DateTimeOffset now)
    {
        var known = _stored.GetValueOrDefault(nodeId);
        var liveness = NodeLivenessEvaluator.Evaluate(entry.At, entry.Interval, now, options.Value.Thresholds);
        if (!entry.Heard && known is not null && liveness < known.Liveness)
        {
            // Silence since our own start makes nobody better.
            liveness = known.Liveness;
        }

        if (known is null || known.Liveness != liveness)
        {
            return new NodeLivenessDocument { Id = nodeId, Liveness = liveness, LastSeenAt = entry.Heard ? entry.At : known?.LastSeenAt ?? entry.At, ChangedAt = now, Usage = entry.Usage };
        }

        return entry.Heard && entry.At - known.LastSeenAt >= options.Value.StoreEvery
            ? known with { LastSeenAt = entry.At, Usage = entry.Usage }
            : null;
    }
}
