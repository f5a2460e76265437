using Microsoft.Extensions.Logging;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Events;

namespace Orchestrator.State.Mongo;

/// <summary>Says once that the server is away, and once that it is back; the driver tries on and on by itself.</summary>
internal sealed partial class StoreWatch(ILogger<StoreWatch> logger)
{
    private int _away;

    public void Follow(ClusterBuilder cluster) => cluster
        .Subscribe<ServerHeartbeatFailedEvent>(failed => Away(failed.Exception))
        .Subscribe<ServerHeartbeatSucceededEvent>(_ => Back());

    private void Away(Exception exception)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
        {
            StoreAway(logger, MongoErrors.FirstLine(exception.GetBaseException()));
        }
    }

    private void Back()
    {
        if (Interlocked.Exchange(ref _away, 0) == 1)
        {
            StoreBack(logger);
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "The database is away: {Reason}; it is tried again until it is back", EventName = "StoreAway")]
    private static partial void StoreAway(ILogger logger, string reason);

    [LoggerMessage(6002, LogLevel.Information, "The database is back", EventName = "StoreBack")]
    private static partial void StoreBack(ILogger logger);
}
