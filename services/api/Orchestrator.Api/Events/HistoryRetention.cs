using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.Api.Events;

/// <summary>Drops what the history need not keep.</summary>
internal sealed class HistoryRetention(IHistoryStore history, IOptions<ApiOptions> options, TimeProvider time, ILogger<HistoryRetention> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await history.DeleteBeforeAsync(time.GetUtcNow() - options.Value.HistoryKept, options.Value.HistoryEventsKept, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.BackgroundWorkFailed(logger, "dropping old events", exception);
            }
        }
    }
}
