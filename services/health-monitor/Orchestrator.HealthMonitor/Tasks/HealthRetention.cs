using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.HealthMonitor.Tasks;

/// <summary>Drops transitions that need not be kept.</summary>
internal sealed class HealthRetention(IHealthHistoryStore store, IOptions<HealthMonitorOptions> options, TimeProvider time, ILogger<HealthRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await store.DeleteBeforeAsync(time.GetUtcNow() - options.Value.HistoryKept, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.EvaluationFailed(logger, exception);
            }
        }
    }
}
