using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Messaging;

namespace Orchestrator.HealthMonitor.Nodes;

/// <summary>Hears from the broker, where it tells, that a node's connection closed: sooner than its silence does.</summary>
internal sealed class ConnectionWatch(HeartbeatBook book, BusOptions bus, TimeProvider time, ILogger<ConnectionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryWithoutEvents = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = false;
        while (bus.Broker is { } broker && !stoppingToken.IsCancellationRequested)
        {
            var tells = true;
            try
            {
                tells = await ConnectionEvents.WatchAsync(broker, bus.CaFile, book.Disconnected, stoppingToken);
            }
            catch (BrokerUnavailableException)
            {
                // The bus says so.
            }

            if (!tells && !told)
            {
                Log.NoBrokerEvents(logger);
                told = true;
            }

            await Task.Delay(tells ? Retry : RetryWithoutEvents, time, stoppingToken);
        }
    }
}
