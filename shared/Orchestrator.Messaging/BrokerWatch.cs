using MassTransit;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Messaging;

/// <summary>Says once that the broker is away, and once that it is back; the transport tries on and on by itself.</summary>
internal sealed partial class BrokerWatch(ILogger<BrokerWatch> logger) : IReceiveEndpointObserver
{
    private int _away;

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (Interlocked.Exchange(ref _away, 0) == 1)
        {
            BrokerBack(logger);
        }

        return Task.CompletedTask;
    }

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
        {
            BrokerAway(logger, faulted.Exception?.GetBaseException().Message ?? "no connection");
        }

        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    [LoggerMessage(5001, LogLevel.Warning, "The broker is away: {Reason}; it is tried again until it is back", EventName = "BrokerAway")]
    private static partial void BrokerAway(ILogger logger, string reason);

    [LoggerMessage(5002, LogLevel.Information, "The broker is back", EventName = "BrokerBack")]
    private static partial void BrokerBack(ILogger logger);
}
