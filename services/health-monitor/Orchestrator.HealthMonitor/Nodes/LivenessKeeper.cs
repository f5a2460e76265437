using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.HealthMonitor.Domain.Nodes;
using Orchestrator.HealthMonitor.Leases;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>Round after round: can heartbeats be heard, is it on this instance to decide, and what do they tell.</summary>
internal sealed class LivenessKeeper(
    HeartbeatBook book, Echo echo, DeciderLease lease, VerdictDesk desk, IOptions<HealthMonitorOptions> options, TimeProvider time, ILogger<LivenessKeeper> logger) : BackgroundService
{
    /// <summary>While somebody is silent rounds come so many times as often: a whole round more would be a good part of the time to a verdict.</summary>
    private const int LooksCloser = 5;

    private Listening _listening = new();
    private long _roundAt = time.GetTimestamp();
    private long? _epoch;

    /// <summary>Rounds done so far, those without a verdict too.</summary>
    public long Rounds { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await RoundAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // The store says once what is wrong with it.
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.EvaluationFailed(logger, exception);
            }

            var next = Task.Delay(desk.EverybodyIsHeard() ? options.Value.Interval : options.Value.Interval / LooksCloser, time, stoppingToken);
            Rounds++;
            await next;
        }
    }

    private async Task RoundAsync(CancellationToken cancellation)
    {
        // Whoever is heard proves that heartbeats can be. Where somebody is silent only the echo does: it comes after all that waits in the queue.
        var heardAt = book.HeardAt;
        if (heardAt > _roundAt && desk.EverybodyIsHeard())
        {
            HeardUntil(heardAt);
        }
        else if (await echo.ComesBackAsync(cancellation))
        {
            HeardUntil(time.GetTimestamp());
        }
        else
        {
            return;
        }

        if (lease.Epoch is not { } epoch)
        {
            _epoch = null;
            return;
        }

        if (epoch != _epoch)
        {
            await desk.TakeOverAsync(epoch, cancellation);
            _epoch = epoch;
            _listening = _listening.Anew();
            _roundAt = time.GetTimestamp();
        }

        await desk.DecideAsync(epoch, _listening, _roundAt, cancellation);
    }

    private void HeardUntil(long now)
    {
        var before = _listening;
        _listening = _listening.Round(time.GetElapsedTime(_roundAt, now), options.Value.Interval);
        if (_listening.For < before.For)
        {
            Log.WasDeaf(logger, _listening.DeafFor.TotalSeconds);
        }

        _roundAt = now;
    }
}
