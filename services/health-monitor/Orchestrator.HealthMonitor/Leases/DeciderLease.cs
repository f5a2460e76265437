using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.HealthMonitor.Domain.Leases;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Leases;

/// <summary>Sees to it that one instance gives verdicts. All time in it is measured by this machine's own monotonic clock.</summary>
internal sealed class DeciderLease(
    ILeaseStore store, MonitorInstance instance, IMeterFactory meters, IOptions<HealthMonitorOptions> options, TimeProvider time, ILogger<DeciderLease> logger)
    : BackgroundService
{
    public const string LeaseId = "health-monitor.decider";

    private Held? _held;
    private (long Version, long At) _watched;

    /// <summary>The epoch to decide under; null while another instance decides. It ends by itself when it cannot be renewed.</summary>
    public long? Epoch => Volatile.Read(ref _held) is { } held && time.GetElapsedTime(held.RenewedAt) < options.Value.LeaseDuration ? held.Epoch : null;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await GiveBackAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.LeaseNotKept(logger, exception.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        meters.Create(MonitorMetrics.MeterName).CreateObservableGauge(
            "orchestrator_health_monitor_decides", () => Epoch is null ? 0 : 1, null, "1 on the instance that gives verdicts on nodes, else 0.");
        using var timer = new PeriodicTimer(options.Value.LeaseRenewal, time);
        do
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (StoreUnavailableException)
            {
                // The store says once what is wrong with it.
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.LeaseNotKept(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        // From before the write: whoever watches sees it later than that.
        var at = time.GetTimestamp();
        var stored = await store.FindAsync(LeaseId, cancellation);
        if (stored is not null && stored.Version != _watched.Version)
        {
            _watched = (stored.Version, time.GetTimestamp());
        }

        var action = LeaseRules.Next(stored?.Holder, instance.Id, time.GetElapsedTime(_watched.At), Epoch is not null && Epoch == stored?.Epoch, options.Value.LeaseDuration);
        if (action == LeaseAction.Wait)
        {
            Volatile.Write(ref _held, null);
            return;
        }

        var before = Volatile.Read(ref _held);
        var wanted = new LeaseDocument
        {
            Id = LeaseId,
            Version = stored?.Version ?? 0,
            Holder = instance.Id,
            Epoch = (stored?.Epoch ?? 0) + (action == LeaseAction.Take ? 1 : 0),
            RenewedAt = time.GetUtcNow(),
        };
        var done = stored is null ? await store.TryInsertAsync(wanted, cancellation) : await store.TryReplaceAsync(wanted, cancellation);
        Volatile.Write(ref _held, done ? new Held(wanted.Epoch, at) : null);
        if (done && before?.Epoch != wanted.Epoch)
        {
            Log.LeaseTaken(logger, instance.Id, wanted.Epoch);
        }
    }

    private async Task GiveBackAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _held, null);
        if (await store.FindAsync(LeaseId, cancellation) is { } stored && stored.Holder == instance.Id)
        {
            await store.TryReplaceAsync(stored with { Holder = null, RenewedAt = time.GetUtcNow() }, cancellation);
        }
    }

    private sealed record Held(long Epoch, long RenewedAt);
}
