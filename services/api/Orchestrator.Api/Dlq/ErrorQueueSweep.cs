using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Dlq;

/// <summary>Counts the error queues now and then and tells all instances: whoever was told lately does not count, so that mostly one does.</summary>
internal sealed class ErrorQueueSweep(
    ErrorQueues queues, ErrorQueueCounts counts, IBus bus, BusOptions busOptions, IOptions<ApiOptions> options, TimeProvider time, ILogger<ErrorQueueSweep> logger)
    : BackgroundService
{
    private const int LooksPerCount = 4;

    /// <summary>Counts now: messages were moved or dropped.</summary>
    /// <exception cref="BrokerUnavailableException">The broker cannot be reached, or refuses.</exception>
    public async Task CountAsync(CancellationToken cancellation)
    {
        var found = await queues.ListAsync(ErrorQueueNames.All, withOldest: false, cancellation);
        var counted = new ErrorQueuesCounted { Messages = found.ToDictionary(queue => queue.Queue, queue => queue.Messages), CountedAt = time.GetUtcNow() };
        counts.Take(counted);
        await bus.Publish(counted, signal => signal.Durable = false, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (busOptions.Broker is null)
        {
            return;
        }

        var every = options.Value.ErrorQueuesCountedEvery;
        using var timer = new PeriodicTimer(every / LooksPerCount, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (time.GetUtcNow() - counts.Last.CountedAt < every)
            {
                continue;
            }

            using var limit = new CancellationTokenSource(every, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
            try
            {
                await CountAsync(either.Token);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.ErrorQueuesNotCounted(logger, exception.Message);
            }
        }
    }
}
