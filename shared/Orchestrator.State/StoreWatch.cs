using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchestrator.State;

/// <summary>Says once what keeps the database from working; all that asks tries again by itself, and need not say it again.</summary>
internal sealed partial class StoreWatch(ILogger<StoreWatch>? logger = null)
{
    /// <summary>While it is full, small things may still be stored now and then: its end is not known.</summary>
    private static readonly TimeSpan SayFullAgain = TimeSpan.FromMinutes(10);
    private readonly ILogger _logger = logger ?? (ILogger)NullLogger.Instance;
    private long _fullAt;
    private int _away;

    public void Away(string reason)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
        {
            StoreAway(_logger, reason);
        }
    }

    public void Back()
    {
        if (Interlocked.Exchange(ref _away, 0) == 1)
        {
            StoreBack(_logger);
        }
    }

    /// <returns>What it was given.</returns>
    public StoreFullException Full(StoreFullException failure)
    {
        var before = Volatile.Read(ref _fullAt);
        if ((before == 0 || Stopwatch.GetElapsedTime(before) > SayFullAgain) && Interlocked.CompareExchange(ref _fullAt, Stopwatch.GetTimestamp(), before) == before)
        {
            StoreFull(_logger, failure.Message);
        }

        return failure;
    }

    [LoggerMessage(6001, LogLevel.Warning, "The database is away: {Reason}; it is tried again until it is back", EventName = "StoreAway")]
    private static partial void StoreAway(ILogger logger, string reason);

    [LoggerMessage(6002, LogLevel.Information, "The database is back", EventName = "StoreBack")]
    private static partial void StoreBack(ILogger logger);

    [LoggerMessage(6003, LogLevel.Error, "Nothing can be stored: {Reason}; it is tried again until there is room", EventName = "StoreFull")]
    private static partial void StoreFull(ILogger logger, string reason);
}
